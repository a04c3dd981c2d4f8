//! The log and standard error. Writing to them never blocks the caller.

mod client_text;
mod line_queue;
#[cfg(feature = "_direct")]
mod own_subscriber;
mod refusal_log;
mod standard_error;
#[cfg(feature = "logging")]
mod subscriber;

pub(crate) use client_text::clip;
#[cfg(feature = "_direct")]
pub(crate) use own_subscriber::has_own_subscriber;
pub(crate) use refusal_log::RefusalLog;
#[cfg(feature = "_direct")]
pub(crate) use standard_error::print;
pub(crate) use standard_error::{FLUSH_LIMIT, flush, flush_at_end, print_and_flush};
#[cfg(feature = "logging")]
pub(crate) use subscriber::init;
