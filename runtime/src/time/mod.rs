//! Clocks, and points in time as Centrifugo has them.

mod coarse_clock;
mod unix_time;

pub(crate) use coarse_clock::{COARSE, coarse_now};
pub use unix_time::Time;
