//! Runs the handlers of the endpoints so that each event is answered at its time limit, even if a handler blocks its thread.

#[cfg(feature = "grpc")]
mod buffered_publications;
mod call_batcher;
mod connection_waker;
mod executor;
mod handler_pool;
mod inline_runner;
mod job;
#[cfg(feature = "grpc")]
mod open_stream;
mod overload_log;
mod shutdown;
mod slow_handlers;
mod thread_registry;
mod thread_status;
mod unanswered;
mod watchdog;
mod work;

#[cfg(feature = "grpc")]
pub(crate) use buffered_publications::BufferedPublications;
pub(crate) use call_batcher::CallBatcher;
pub(crate) use executor::{Executor, IoRuntime, Limits};
#[cfg(feature = "grpc")]
pub(crate) use open_stream::StreamReply;
#[cfg(feature = "grpc")]
pub(crate) use shutdown::StopSignal;
#[cfg(feature = "grpc")]
pub(crate) use unanswered::SHUTTING_DOWN;
