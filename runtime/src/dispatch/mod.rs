//! Dispatches events to handlers: takes an [`Event`](crate::event::Event) from any transport and returns an
//! [`Outcome`](crate::layer::Outcome).

mod box_layer;
mod dispatch_future;
mod dispatch_stream;
mod dispatcher;
mod error_log;
mod event_duration;
mod event_record;
mod event_span;
mod from_fn;
mod handlers;
mod publications;
#[cfg(feature = "rate-limit")]
mod rate_limit;
#[cfg(any(feature = "grpc", feature = "testing", test))]
mod subscribe_request;
mod time_limit;

pub(crate) use box_layer::{BoxLayer, box_layer};
pub use dispatch_future::DispatchFuture;
pub use dispatch_stream::StreamOutcome;
pub use dispatcher::Dispatcher;
#[cfg(feature = "_direct")]
pub(crate) use event_record::{EventRecord, HasSpan};
pub use from_fn::{FromFn, FromFnService, from_fn};
pub(crate) use handlers::Handlers;
pub use publications::Publications;
#[cfg(feature = "rate-limit")]
pub use rate_limit::{RateLimit, RateLimitService};
#[cfg(any(feature = "grpc", feature = "testing"))]
pub(crate) use subscribe_request::subscribe_request;
#[cfg(feature = "_direct")]
pub(crate) use time_limit::TimeLimit;
