//! The table of handlers with its look-up. It knows no transport: an [`Event`](crate::event::Event) in, an
//! [`Outcome`](crate::layer::Outcome) out.

mod dispatcher;
mod error_log;
mod handlers;
mod layer;
mod running;
mod stream;
#[cfg(any(feature = "grpc", feature = "testing", test))]
mod subscribe_request;

pub use dispatcher::Dispatcher;
pub(crate) use handlers::Handlers;
pub use layer::Next;
pub(crate) use layer::{Wrap, wrap};
pub use running::Running;
pub use stream::{Publications, StreamOutcome};
#[cfg(any(feature = "grpc", feature = "testing"))]
pub(crate) use subscribe_request::subscribe_request;
