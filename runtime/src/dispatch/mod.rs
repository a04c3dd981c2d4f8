//! The table of handlers with its look-up. It knows no transport: an [`Event`] in, an [`Outcome`] out.

#[cfg(feature = "api")]
mod api;
mod build;
mod dispatcher;
mod outcome;
pub(crate) mod pattern;
mod route;
mod running;
mod table;

pub(crate) use build::Builder;
pub use dispatcher::Dispatcher;
pub use outcome::Outcome;
pub use route::{Call, FromInvalid, Invalid, InvalidDef, Route};
pub(crate) use running::BLOCKING;
pub use running::Running;

#[cfg(doc)]
use crate::event::Event;
