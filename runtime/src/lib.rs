//! Write the backend of a [Centrifugo](https://centrifugal.dev) application as annotated functions.
//!
//! Centrifugo holds the real-time connections of your users: WebSocket, SSE, HTTP streaming. It asks a backend about
//! what they do: may this client connect, subscribe, publish; what does this rpc answer. Here each such **event** is
//! answered by a **handler**, a free function with an attribute: its arguments are **extractors**, what it returns is a
//! **reply**.
//!
//! # A whole program
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
//! // What clients get for the application's errors.
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
//! // Once, at start.
//! #[centrifugo::state]
//! async fn db() -> Result<Db, DbError> {
//!     Db::open().await
//! }
//!
//! // At most once for each event, for the handlers that ask for it.
//! #[centrifugo::scoped]
//! async fn member(user: UserId, db: State<Db>) -> Result<Member, AppError> {
//!     db.member(&user).await?.ok_or(AppError::NoSuchUser)
//! }
//!
//! #[centrifugo::connect]
//! async fn connect(Json(login): Json<Login>, db: State<Db>) -> Result<reply::Connect, AppError> {
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
//! fn say(member: Scoped<Member>, Json(line): Json<Line>) -> Result<reply::Publish, AppError> {
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
//! There is no list of routes to keep. A function whose arguments or reply do not fit its event does not compile; what
//! the compiler can't see is checked at start, all at once. A panic, a handler past its time limit or an event that
//! can't be read costs its own answer and not the program. The text of an internal error never reaches a client.
//!
//! # How it runs
//!
//! The same program runs both ways, and [`serve()`] chooses:
//!
//! - **Direct.** Started by hand, by systemd or in a container it is Centrifugo's proxy endpoint itself, over gRPC on
//!   127.0.0.1:10001 (`WORKER_LISTEN`), and over HTTP on demand. It prints what belongs into Centrifugo's
//!   configuration.
//! - **Under [RoadRunner](https://roadrunner.dev)**, named as `server.command` in `.rr.yaml`, it is a worker of its
//!   `centrifuge` plugin, over pipes, tcp or a unix socket.
//!
//! [`guide::running`] says which to take when, and [`Server`] what can be set.
//!
//! # Attributes
//!
//! | attribute | event |
//! |---|---|
//! | [`connect`](macro@connect), [`refresh`](macro@refresh) | a client connects; its connection is about to expire |
//! | [`subscribe`](macro@subscribe), [`publish`](macro@publish), [`sub_refresh`](macro@sub_refresh) | a client subscribes or publishes to a channel; its subscription is about to expire; by pattern |
//! | [`rpc`](macro@rpc) | a client calls a method, by pattern |
//! | [`subscribe_stream`](macro@subscribe_stream) | a client subscribes to a channel that a handler streams |
//! | [`map_publish`](macro@map_publish), [`map_remove`](macro@map_remove), [`shared_poll_refresh`](macro@shared_poll_refresh) | map channels and shared poll channels |
//! | [`notify_channel_state`](macro@notify_channel_state), [`notify_cache_empty`](macro@notify_cache_empty) | notices of Centrifugo |
//! | [`state`](macro@state), [`scoped`](macro@scoped) | none: they make values of the program, and of one event |
//! | [`shutdown`](macro@shutdown), [`invalid`](macro@invalid) | none: the end; an event that can't be read |
//!
//! What handlers can take stands in the table of [`FromEvent`](trait@FromEvent), what they can return in that of
//! [`IntoReply`].
//!
//! # The guide
//!
//! Start with the [first handler](guide::first_handler). [The guide](guide) has one page per task, such as
//! [calling the server API](guide::server_api), [running in production](guide::running) and
//! [troubleshooting](guide::troubleshooting).
//!
//! # Features
//!
//! | feature | what | by default |
//! |---|---|---|
//! | `api` | `api::Client`, a client of the server API, and the `Api` extractor | yes |
//! | `grpc` | the proxy endpoint over gRPC | yes |
//! | `http` | the proxy endpoint over HTTP, and a router to mount in axum | no |
//! | `logging` | prints logs on standard error when the program sets no `tracing` subscriber | yes |
//! | `protobuf` | `Protobuf<T>`: application data as a prost message | no |
//! | `testing` | `testing::TestClient`, `testing::Host` and `testing::Api`, for dev-dependencies | no |
//! | `tls-ring` | TLS for the endpoints and the server API, with [ring](https://docs.rs/ring) | no |
//! | `tls-aws-lc-rs` | the same with [AWS-LC](https://docs.rs/aws-lc-rs), which needs a C compiler | no |
//! | `tls` | the same with the provider that the program installs in rustls, and no other | no |
//! | `rate-limit` | `layer::RateLimit`, which limits the events of each user or client | no |
//! | `token` | `token`: connection and subscription tokens | no |
//!
//! With none of them it is a worker of RoadRunner alone. Linux; macOS as far as it builds.

#![cfg_attr(docsrs, feature(doc_cfg), doc(auto_cfg(hide(feature = "_direct"))))]

#[cfg(target_family = "wasm")]
compile_error!("`centrifugo` needs processes, pipes and signals: it does not build for wasm");

pub use centrifugo_proto as proto;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
#[cfg(feature = "api")]
pub mod api;
mod attributes;
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
pub mod reply;
mod routing;
pub mod server;
mod settings;
mod startup;
#[cfg(feature = "testing")]
pub mod testing;
mod time;
#[cfg(any(feature = "api", feature = "_direct"))]
mod tls;
#[cfg(feature = "token")]
pub mod token;
mod worker;

pub use attributes::{
    FromEvent, FromParam, ReplyError, connect, invalid, map_publish, map_remove, notify_cache_empty,
    notify_channel_state, publish, refresh, rpc, scoped, shared_poll_refresh, shutdown, state, sub_refresh,
    subscribe, subscribe_stream,
};
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
