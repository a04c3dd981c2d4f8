//! Write the backend of a [Centrifugo](https://centrifugal.dev) application as annotated functions.

#[cfg(target_family = "wasm")]
compile_error!("`centrifugo` needs processes, pipes and signals: it does not build for wasm");

pub use centrifugo_proto as proto;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod attributes;
mod config;
mod describe;
pub mod dispatch;
mod error;
mod event;
mod extract;
#[cfg(any(doc, doctest))]
pub mod guide;
#[cfg(feature = "logging")]
mod logging;
mod program;
pub mod reply;
mod routes;
mod serve_error;
mod server;
mod state;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;

pub use attributes::{
    FromEvent, FromParam, ReplyError, connect, invalid, map_publish, map_remove, notify_cache_empty,
    notify_channel_state, publish, refresh, rpc, scoped, shared_poll_refresh, shutdown, state, sub_refresh,
    subscribe, subscribe_stream,
};
pub use dispatch::{Invalid, Next, Outcome};
pub use error::{BoxError, Code, CustomDisconnectCode, CustomErrorCode, Error, ReplyError, ResultExt};
pub use event::{
    Ambiguous, Event, EventKind, Extensions, HasChannel, HasConnection, HasData, HasKey, HasMeta, HasMethod,
    HasPattern, HasUser, Kind, Metadata, Opening, TypedEvent, kind,
};
#[cfg(feature = "protobuf")]
pub use extract::Protobuf;
pub use extract::{
    Channel, Connection, Data, Extension, Extracted, FromEvent, FromParam, HasRequest, Incoming,
    IncomingPublication, Json, Labels, MakeScoped, Making, MapKey, Meta, Method, OptionalFromEvent, Scoped,
    State, UserId,
};
pub use reply::IntoReply;
pub use routes::{RouteInfo, routes};
pub use serve_error::ServeError;
#[cfg(feature = "grpc")]
pub use server::GrpcService;
#[cfg(feature = "http")]
pub use server::HttpRouter;
pub use server::{Server, serve};
pub use state::StateNeed;
