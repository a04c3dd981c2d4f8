//! Write the backend of a [Centrifugo](https://centrifugal.dev) application as annotated functions.

#[cfg(target_family = "wasm")]
compile_error!("`centrifugo` needs processes, pipes and signals: it does not build for wasm");

pub use centrifugo_macros::{
    ReplyError, connect, invalid, notify_cache_empty, notify_channel_state, publish, refresh, rpc, shutdown,
    state, sub_refresh, subscribe,
};
pub use centrifugo_proto as proto;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
#[cfg(feature = "api")]
pub mod api;
mod config;
pub mod dispatch;
mod error;
mod event;
mod extract;
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
#[cfg(feature = "token")]
pub mod token;
mod transport;

#[cfg(feature = "api")]
pub use api::Api;
pub use dispatch::{Invalid, Outcome};
pub use error::{BoxError, Code, CustomDisconnectCode, CustomErrorCode, Error, ReplyError, ResultExt};
pub use event::{
    Ambiguous, Event, EventKind, Extensions, HasChannel, HasConnection, HasData, HasMeta, HasPattern,
    HasUser, Kind, Metadata, TypedEvent, kind,
};
#[cfg(feature = "protobuf")]
pub use extract::Protobuf;
pub use extract::{
    Channel, Connection, Data, Extension, Extracted, FromEvent, FromParam, Json, Labels, Meta, Method,
    OptionalFromEvent, State, UserId,
};
pub use reply::IntoReply;
pub use routes::{RouteInfo, routes};
pub use serve_error::ServeError;
pub use server::{Server, serve};
