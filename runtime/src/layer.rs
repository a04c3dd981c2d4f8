//! Layers around events: what every event and its outcome goes through.

pub use crate::dispatch::Next;
pub use crate::event::{Event, Extensions};
pub use crate::handler::Outcome;
