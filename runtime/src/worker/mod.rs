//! RoadRunner's worker protocol: goridge frames over a relay.

mod command;
mod context;
mod delivery;
mod exit_deadline;
#[cfg(any(test, fuzzing))]
mod expected_response;
mod frame_reader;
mod frame_writer;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
#[cfg(any(test, fuzzing))]
mod generated_payload;
#[cfg(any(test, fuzzing))]
mod generated_stream;
#[cfg(test)]
mod properties;
mod relay;
mod signals;
mod watchdog;
mod worker;
mod worker_state;

pub(crate) use delivery::warn_of_undelivered;
pub(crate) use frame_reader::FdSource;
pub(crate) use relay::Relay;
pub(crate) use signals::watch_signals;
pub(crate) use watchdog::start_watchdog;
pub(crate) use worker::{Exit, Limits, Worker};
pub(crate) use worker_state::WorkerState;
