//! The log and standard error. Writing to them never blocks the caller.

mod client_text;
mod line_queue;
mod refusal_log;
mod standard_error;
#[cfg(feature = "logging")]
mod subscriber;

pub(crate) use client_text::clip;
pub(crate) use refusal_log::RefusalLog;
#[cfg(feature = "_direct")]
pub(crate) use standard_error::print;
pub(crate) use standard_error::{FLUSH_LIMIT, flush, flush_at_end, print_and_flush};
#[cfg(feature = "logging")]
pub(crate) use subscriber::init;
