//! The log and standard error. Writing to them never blocks the caller.

mod client_text;
mod convention_fields;
mod error_chain;
mod field_text;
#[cfg(feature = "logging")]
mod json_layer;
#[cfg(feature = "logging")]
mod json_members;
mod line_queue;
#[cfg(feature = "logging")]
mod line_time;
mod log_format;
#[cfg(feature = "_direct")]
mod own_subscriber;
mod personal_id;
mod pipe_reader;
mod refusal_log;
mod standard_error;
#[cfg(feature = "logging")]
mod subscriber;
#[cfg(feature = "logging")]
mod text_fields;
#[cfg(feature = "otel")]
mod trace_ids;

pub(crate) use client_text::clip;
pub(crate) use convention_fields::records_conventions;
pub(crate) use error_chain::chain;
pub(crate) use field_text::FieldText;
pub(crate) use log_format::LogFormat;
#[cfg(feature = "_direct")]
pub(crate) use own_subscriber::prints_only_lines;
pub(crate) use personal_id::{PersonalIds, personal_field, personal_id, show_personal_ids};
pub(crate) use refusal_log::RefusalLog;
#[cfg(feature = "_direct")]
pub(crate) use standard_error::print;
pub(crate) use standard_error::{FLUSH_LIMIT, flush, flush_at_end, print_and_flush};
#[cfg(feature = "logging")]
#[cfg(feature = "otel")]
pub(crate) use subscriber::TraceLayer;
#[cfg(feature = "logging")]
pub(crate) use subscriber::init;
