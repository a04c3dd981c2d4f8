//! The table of handlers with its look-up. It knows no transport: an [`Event`] in, an [`Outcome`] out.

#[cfg(feature = "api")]
mod api;
mod build;
mod conflicts;
mod dispatcher;
mod error_log;
#[cfg(fuzzing)]
pub(crate) mod fuzz;
#[doc(hidden)]
pub mod generated;
#[cfg(feature = "_direct")]
mod handler_thread;
mod hidden;
pub(crate) mod layer;
#[cfg(any(test, fuzzing))]
mod naive;
mod outcome;
mod overlap;
pub(crate) mod pattern;
mod prefixes;
#[cfg(test)]
mod properties;
mod route;
mod running;
mod stream;
mod table;
mod texts;
mod trie;

pub(crate) use build::Builder;
pub use dispatcher::Dispatcher;
#[cfg(feature = "_direct")]
pub(crate) use handler_thread::HandlerThread;
pub use layer::Next;
pub use outcome::Outcome;
pub(crate) use route::Found;
pub use route::{Answering, AnyHandler, Call, FromInvalid, Invalid, InvalidDef, Route};
pub(crate) use running::BLOCKING;
pub use running::Running;
pub(crate) use running::panic_text;
pub use stream::{Opened, Publications, StreamOutcome, subscribe_request};
pub(crate) use table::Params;

#[cfg(doc)]
use crate::event::Event;
