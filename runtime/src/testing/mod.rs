//! For tests of handlers: [`TestClient`] calls them in process, [`Host`] starts a worker and talks to it as RoadRunner does.

mod answer;
mod client;
mod host;
mod pipes;
mod request;
mod routes;
mod stream;

pub use answer::Answer;
pub use client::{TestClient, TestClientBuilder};
pub use host::{Host, HostBuilder, HostError};
pub use pipes::{Received, RelayKind};
pub use request::{Request, RequestFields};
pub use routes::assert_routes;
pub use stream::TestStream;
