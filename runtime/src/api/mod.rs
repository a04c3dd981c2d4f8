//! A client of Centrifugo's server API.
//!
//! A [`Client`] calls every method of Centrifugo v6.9's [server API](https://centrifugal.dev/docs/server/server_api) over
//! one of three transports with the same methods, errors and semantics: RoadRunner's RPC, Centrifugo's gRPC API or its HTTP
//! API. The guide's page [on the server API](crate::guide::server_api) describes retries.
//!
//! | transport | constructor | offers |
//! |---|---|---|
//! | RoadRunner's RPC | [`Client::roadrunner`], or `RR_RPC` | 33 methods: none of `map_*` and `shared_poll_publish` |
//! | gRPC API | [`Client::grpc`], or `WORKER_API=grpc://..` (`grpcs://`) | all |
//! | HTTP API | [`Client::http`], or `WORKER_API=http://..` (`https://`) | all |
//!
//! A handler takes the [`Api`](crate::Api) extractor; a test replaces Centrifugo by [`testing::Api`](crate::testing).

mod api_key;
mod batch;
mod call;
mod call_record;
mod call_target;
mod calls;
mod client;
mod client_builder;
mod error;
mod error_text;
mod history;
mod in_flight_limit;
mod methods;
mod reconnect_backoff;
mod retry;
pub(crate) mod transport;
mod typed;

pub use batch::{Batch, Replies, Ticket};
pub use call::Call;
pub use client::Client;
pub use client_builder::ClientBuilder;
pub use error::{Delivery, Error, ErrorKind};
pub use history::Pages;
pub use methods::{Method, method};
#[cfg(feature = "testing")]
pub(crate) use methods::{Names, fold, unfold};
pub use typed::{
    ChannelCalls, TypedCall, TypedHistory, TypedMapEntry, TypedMapState, TypedMapStream, TypedMethod,
    TypedPages, TypedPublication,
};
