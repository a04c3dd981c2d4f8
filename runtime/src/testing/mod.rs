//! Tools for tests of handlers.
//!
//! [`TestClient`] calls handlers in process, `Api` replaces Centrifugo's server API, and [`Host`] starts a worker
//! process and talks to it as RoadRunner does.

mod answer;
#[cfg(feature = "api")]
mod api;
mod client;
mod configuration;
mod host;
mod host_error;
mod pipes;
mod process;
mod received;
mod relay_listener;
mod request;
mod routes;
mod stream;

pub use answer::Answer;
#[cfg(feature = "api")]
pub use api::Api;
pub use client::{TestClient, TestClientBuilder};
pub use configuration::assert_config;
pub use host::{Host, HostBuilder};
pub use host_error::HostError;
pub use pipes::RelayKind;
pub use received::Received;
pub use request::{Request, RequestFields};
pub use routes::assert_routes;
pub use stream::TestStream;
