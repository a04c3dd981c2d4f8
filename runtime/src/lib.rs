//! Write the backend of a [Centrifugo](https://centrifugal.dev) application as annotated functions.
//!
//! Centrifugo holds the WebSocket, SSE and HTTP streaming connections of your users. It asks a backend whether a client
//! may connect, subscribe or publish, and what an rpc returns. Each such question is an **event**, and a **handler**
//! answers it. A handler is a free function with an attribute. Its arguments are **extractors**, and its return value
//! is a **reply**.
//!
//! # A complete program
//!
//! ```no_run
//! use std::time::Duration;
//! use centrifugo::{Json, Scoped, State, UserId, reply};
//! # struct Db;
//! # #[derive(Debug, thiserror::Error)] #[error("down")] struct DbError;
//! # struct User { id: String, name: String }
//! # impl Db {
//! #     async fn open() -> Result<Self, DbError> { Ok(Self) }
//! #     async fn login(&self, _: &Login) -> Result<Option<User>, DbError> { Ok(None) }
//! #     async fn member(&self, _: &str) -> Result<Option<Member>, DbError> { Ok(None) }
//! # }
//! # #[derive(serde::Deserialize)] struct Login { token: String }
//! # #[derive(serde::Deserialize, serde::Serialize)] struct Line { text: String }
//! # struct Member { name: String, muted: bool }
//!
//! // Says what clients receive for the errors of the application.
//! #[derive(Debug, thiserror::Error, centrifugo::ReplyError)]
//! enum AppError {
//!     #[error("no such user")]
//!     #[reply(error = 404)]
//!     NoSuchUser,
//!     #[error("you are muted")]
//!     #[reply(error = 1001, temporary)]
//!     Muted,
//!     #[error("database")]
//!     #[reply(internal)]
//!     Db(#[from] DbError),
//! }
//!
//! // Runs once, at start.
//! #[centrifugo::state]
//! async fn db() -> Result<Db, DbError> {
//!     Db::open().await
//! }
//!
//! // Runs at most once per event, for handlers that take a `Scoped<Member>`.
//! #[centrifugo::scoped]
//! async fn member(UserId(user): UserId, State(db): State<Db>) -> Result<Member, AppError> {
//!     db.member(&user).await?.ok_or(AppError::NoSuchUser)
//! }
//!
//! #[centrifugo::connect]
//! async fn connect(Json(login): Json<Login>, State(db): State<Db>) -> Result<reply::Connect, AppError> {
//!     let user = db.login(&login).await?.ok_or(AppError::NoSuchUser)?;
//!     Ok(reply::Connect::user(user.id).info(&user.name).expires_in(Duration::from_secs(3600)))
//! }
//!
//! #[centrifugo::subscribe(channel = "chat:{room}")]
//! fn join(room: u32, _user: UserId) -> reply::Subscribe {
//!     reply::Subscribe::allow().data(&format!("welcome to {room}"))
//! }
//!
//! #[centrifugo::publish(channel = "chat:*")]
//! fn say(Scoped(member): Scoped<Member>, Json(line): Json<Line>) -> Result<reply::Publish, AppError> {
//!     if member.muted {
//!         return Err(AppError::Muted);
//!     }
//!     Ok(reply::Publish::allow().data(&line).tag("by", &member.name))
//! }
//!
//! #[centrifugo::rpc("add")]
//! fn add(Json((a, b)): Json<(i64, i64)>) -> Json<i64> {
//!     Json(a.saturating_add(b))
//! }
//!
//! fn main() -> Result<(), centrifugo::ServeError> {
//!     centrifugo::serve()
//! }
//! ```
//!
//! There is no list of routes: [`serve()`] finds the annotated functions. A function whose arguments or reply do not
//! fit its event does not compile. Conflicting patterns, missing states and similar mistakes are reported at start, all
//! at once. A panic, a handler that exceeds its time limit or an event that can't be decoded fails one answer, not the
//! program. The text of an internal error never reaches a client.
//!
//! # How the program runs
//!
//! The same program runs in two ways. [`serve()`] chooses one by its environment:
//!
//! - **Direct.** If it is started by hand, by systemd or in a container, it is Centrifugo's proxy endpoint, over gRPC
//!   on 127.0.0.1:10001 (`WORKER_LISTEN`), and optionally over HTTP (`WORKER_HTTP_LISTEN`). It prints the configuration
//!   that Centrifugo needs.
//! - **Under [RoadRunner](https://roadrunner.dev).** If it is the `server.command` in `.rr.yaml`, it is a worker of
//!   RoadRunner's `centrifuge` plugin, over pipes, TCP or a Unix socket.
//!
//! [`guide::running`] compares the two ways, and [`Server::from_env`] lists the settings.
//!
//! # Attributes
//!
//! | attribute | event |
//! |---|---|
//! | [`connect`](macro@connect), [`refresh`](macro@refresh) | a client connects; its connection is about to expire |
//! | [`subscribe`](macro@subscribe), [`publish`](macro@publish), [`sub_refresh`](macro@sub_refresh) | a client subscribes or publishes to a channel that matches the pattern; its subscription is about to expire |
//! | [`rpc`](macro@rpc) | a client calls a method that matches the pattern |
//! | [`subscribe_stream`](macro@subscribe_stream) | a client subscribes to a channel that a handler streams |
//! | [`map_publish`](macro@map_publish), [`map_remove`](macro@map_remove), [`shared_poll_refresh`](macro@shared_poll_refresh) | a client publishes or removes a key of a map channel; the items of a shared poll channel are due |
//! | [`notify_channel_state`](macro@notify_channel_state), [`notify_cache_empty`](macro@notify_cache_empty) | Centrifugo notifies the backend of the state of channels |
//! | [`channel`](macro@channel), on a struct | none: it describes a family of channels and what they carry |
//! | [`state`](macro@state), [`scoped`](macro@scoped) | none: they create a value for the program, or for one event |
//! | [`shutdown`](macro@shutdown), [`invalid`](macro@invalid) | none: they run when the program ends, or for an event that can't be decoded |
//!
//! [`FromEvent`](trait@FromEvent) has the table of the extractors that handlers can take, and [`IntoReply`] the table
//! of the replies that they can return.
//!
//! # The guide
//!
//! Start with the [first handler](guide::first_handler). [The guide](guide) has one page per task, such as
//! [calling the server API](guide::server_api), [running in production](guide::running) and
//! [troubleshooting](guide::troubleshooting).
//!
//! # Features
//!
//! | feature | adds | default |
//! |---|---|---|
//! | `api` | `api::Client`, a client of the server API, and the `Api` extractor | yes |
//! | `grpc` | the proxy endpoint over gRPC | yes |
//! | `http` | the proxy endpoint over HTTP, and a router to mount in axum | no |
//! | `logging` | log output on standard error if the program sets no `tracing` subscriber | yes |
//! | `metrics` | metrics of events, connections, streams and API calls, through the `metrics` facade | no |
//! | `prometheus` | `WORKER_METRICS_LISTEN`, which serves the metrics for Prometheus and HTTP probes; under RoadRunner, reports to its `metrics` plugin | no |
//! | `otel` | traces of OpenTelemetry: `otel::init`, links of events, and the context of API calls | no |
//! | `protobuf` | `Protobuf<T>`: application data as a prost message | no |
//! | `schema` | types, their JSON Schemas and errors in `WORKER_DESCRIBE=json`, with [schemars](https://docs.rs/schemars) | no |
//! | `testing` | `testing::TestClient`, `testing::Host`, `testing::Api`, and checks of handlers and of Centrifugo's configuration (`assert_routes`, `assert_config`), for dev-dependencies | no |
//! | `tls-ring` | TLS for the endpoints and the server API, with [ring](https://docs.rs/ring) | no |
//! | `tls-aws-lc-rs` | the same with [AWS-LC](https://docs.rs/aws-lc-rs), which needs a C compiler | no |
//! | `tls` | the same with the crypto provider that the program installs in rustls | no |
//! | `rate-limit` | `layer::RateLimit`, which limits the events of each user or client | no |
//! | `token` | `token`: connection and subscription tokens, and signatures for shared polls | no |
//!
//! Without any feature the program is a RoadRunner worker only. The crate supports Linux, and macOS as far as it
//! builds.
//!
//! A provider that the program installs with `CryptoProvider::install_default` of rustls takes precedence over
//! `tls-ring` and `tls-aws-lc-rs`. Tokens need no provider.

#![cfg_attr(docsrs, feature(doc_cfg), doc(auto_cfg(hide(feature = "_direct"))))]

#[cfg(target_family = "wasm")]
compile_error!("`centrifugo` does not build for wasm: it needs processes, pipes and signals");

pub use centrifugo_proto as proto;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
#[cfg(feature = "api")]
pub mod api;
mod attributes;
pub mod channel;
mod dispatch;
#[cfg(feature = "_direct")]
mod endpoint;
pub mod error;
pub mod event;
pub mod extract;
#[cfg(any(test, fuzzing))]
mod fuzzing;
mod goridge;
#[cfg(any(doc, doctest))]
pub mod guide;
mod handler;
pub mod layer;
mod logging;
#[cfg_attr(
    not(all(feature = "api", feature = "grpc", feature = "rate-limit")),
    allow(dead_code, unused_imports, reason = "each metric belongs to a feature")
)]
mod metrics;
#[cfg(not(feature = "otel"))]
mod otel;
#[cfg(feature = "otel")]
pub mod otel;
pub mod reply;
#[cfg_attr(not(feature = "prometheus"), path = "roadrunner_metrics/not_built.rs")]
mod roadrunner_metrics;
mod routing;
#[cfg_attr(not(feature = "schema"), path = "schema/not_built.rs")]
mod schema;
pub mod server;
mod settings;
mod startup;
#[cfg(feature = "testing")]
pub mod testing;
mod time;
#[cfg(any(feature = "api", feature = "_direct", all(feature = "otel", feature = "tls")))]
mod tls;
#[cfg(feature = "token")]
pub mod token;
mod worker;

pub use attributes::{
    FromEvent, FromParam, ReplyError, channel, connect, invalid, map_publish, map_remove, notify_cache_empty,
    notify_channel_state, publish, refresh, rpc, scoped, shared_poll_refresh, shutdown, state, sub_refresh,
    subscribe, subscribe_stream,
};
pub use channel::ChannelType;
pub use error::{BoxError, Error, ReplyError, ResultExt};
#[cfg(feature = "api")]
pub use extract::Api;
#[cfg(feature = "protobuf")]
pub use extract::Protobuf;
pub use extract::{
    Channel, Connection, Data, Extension, FromEvent, FromParam, Json, Meta, Metadata, Method, Scoped, State,
    UserId,
};
pub use reply::IntoReply;
pub use server::{Server, serve};
pub use startup::{ServeError, ServeErrorKind, routes};
