//! For tests of handlers: [`TestClient`] calls them in process, `Api` takes the place of Centrifugo's server API, [`Host`] starts a worker and talks to it as RoadRunner does.

mod answer;
#[cfg(feature = "api")]
mod api;
mod client;
mod host;
mod opening;
mod pipes;
mod process;
mod request;
mod routes;
mod stream;

pub use answer::Answer;
#[cfg(feature = "api")]
pub use api::Api;
pub use client::{TestClient, TestClientBuilder};
pub use host::{Host, HostBuilder, HostError};
pub use pipes::{Received, RelayKind};
pub use request::{Request, RequestFields};
pub use routes::assert_routes;
pub use stream::TestStream;
