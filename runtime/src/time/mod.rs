//! A coarse clock, and points in time as in Centrifugo's messages.

mod coarse_clock;
#[cfg(feature = "api")]
mod event_deadline;
mod unix_time;

pub(crate) use coarse_clock::{COARSE, coarse_now};
#[cfg(feature = "api")]
pub(crate) use event_deadline::EventDeadline;
pub use unix_time::Time;
