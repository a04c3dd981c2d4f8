//! A client of Centrifugo's server API.
//!
//! A [`Client`] calls every method of Centrifugo v6.9's [server API](https://centrifugal.dev/docs/server/server_api) over
//! one of three transports with the same methods, errors and semantics: RoadRunner's RPC, Centrifugo's gRPC API or its HTTP
//! API. The guide's page [on the server API](crate::guide::server_api) says how calls are repeated.
//!
//! | transport | made by | offers |
//! |---|---|---|
//! | RoadRunner's RPC | [`Client::roadrunner`], or `RR_RPC` | 33 methods: none of `map_*` and `shared_poll_publish` |
//! | gRPC API | [`Client::grpc`], or `WORKER_API=grpc://..` (`grpcs://`) | all |
//! | HTTP API | [`Client::http`], or `WORKER_API=http://..` (`https://`) | all |
//!
//! In a handler it is the [`Api`](crate::Api) extractor; in a test, [`testing::Api`](crate::testing) takes Centrifugo's place.

mod backoff;
mod batch;
mod call;
mod calls;
mod capacity;
mod client;
mod error;
mod history;
mod key;
mod retry;
mod schema;
mod settings;
pub(crate) mod transport;

pub use batch::{Batch, Replies, Ticket};
pub use call::Call;
pub use client::Client;
pub use error::{Delivery, Error, ErrorKind};
pub use history::Pages;
pub use schema::{Method, method};
#[cfg(feature = "testing")]
pub(crate) use schema::{Names, fold, unfold};
pub use settings::ClientBuilder;
