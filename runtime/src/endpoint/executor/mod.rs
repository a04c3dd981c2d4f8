//! Runs handlers for the endpoints, so that each event is answered in time, whatever handlers do.

mod batch;
mod executor;
mod handler_durations;
mod inline;
mod job;
mod pool;
mod refusals;
#[cfg(feature = "grpc")]
mod stream;
mod thread_slot;
mod watchdog;

pub(crate) use batch::Batches;
pub(crate) use executor::{Executor, IoRuntime, Limits};
#[cfg(feature = "grpc")]
pub(crate) use executor::{Stopped, StreamAnswer};
#[cfg(feature = "grpc")]
pub(crate) use stream::Outbox;
