//! RoadRunner's worker protocol: goridge frames over a relay.

mod context;
mod control;
mod delivery;
mod exit_deadline;
mod frame_reader;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
#[cfg(any(test, fuzzing))]
mod model;
#[cfg(test)]
mod properties;
mod relay;
mod signals;
mod watchdog;
mod worker;

pub(crate) use control::Control;
pub(crate) use delivery::warn_of_undelivered;
pub(crate) use frame_reader::FdSource;
pub(crate) use relay::Relay;
pub(crate) use signals::watch_signals;
pub(crate) use watchdog::watch_limits;
pub(crate) use worker::{Exit, Limits, Worker};
