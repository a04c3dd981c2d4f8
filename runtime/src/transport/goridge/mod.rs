//! RoadRunner's worker protocol: goridge frames over a relay.

mod context;
mod control;
mod delivery;
pub(crate) mod frame;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod last;
#[cfg(test)]
mod properties;
mod reader;
mod relay;
mod signals;
#[cfg(any(test, fuzzing))]
mod streams;
mod watchdog;
mod worker;

pub(crate) use control::Control;
pub(crate) use delivery::warn_of_undelivered;
pub(crate) use reader::FdSource;
pub(crate) use relay::Relay;
pub(crate) use worker::{Exit, Limits, Worker};

pub(crate) use signals::watch as watch_signals;
pub(crate) use watchdog::watch as watch_limits;
