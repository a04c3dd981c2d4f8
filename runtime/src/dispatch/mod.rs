//! The table of handlers with its look-up. It knows no transport: an [`Event`] in, an [`Outcome`] out.

mod build;
mod dispatcher;
pub(crate) mod layer;
mod outcome;
pub(crate) mod pattern;
mod route;
mod running;
mod stream;
mod table;

pub(crate) use build::Builder;
pub use dispatcher::Dispatcher;
pub use layer::Next;
pub use outcome::Outcome;
pub(crate) use route::Found;
pub use route::{Call, FromInvalid, Invalid, InvalidDef, Route};
pub(crate) use running::BLOCKING;
pub use running::Running;
pub use stream::{Opened, Publications, StreamOutcome, subscribe_request};

#[cfg(doc)]
use crate::event::Event;
