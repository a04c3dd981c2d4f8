//! The table of handlers with its look-up. It knows no transport: an [`Event`](crate::event::Event) in, an
//! [`Outcome`](crate::layer::Outcome) out.

mod dispatcher;
mod error_log;
mod from_fn;
mod handlers;
mod layer;
#[cfg(feature = "rate-limit")]
mod rate_limit;
mod running;
mod stream;
#[cfg(any(feature = "grpc", feature = "testing", test))]
mod subscribe_request;

pub use dispatcher::Dispatcher;
pub use from_fn::{FromFn, FromFnService, IntoOutcome, from_fn};
pub(crate) use handlers::Handlers;
pub(crate) use layer::{Wrap, wrap};
#[cfg(feature = "rate-limit")]
pub use rate_limit::{RateLimit, RateLimitService};
pub use running::Running;
pub use stream::{Publications, StreamOutcome};
#[cfg(any(feature = "grpc", feature = "testing"))]
pub(crate) use subscribe_request::subscribe_request;
