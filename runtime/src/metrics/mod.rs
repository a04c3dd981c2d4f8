//! The metrics of events, connections, streams, states and calls of the server API.
//!
//! Without the feature `metrics`, all types are empty and all functions do nothing.

mod api_metrics;
mod connection_metrics;
#[cfg(feature = "metrics")]
mod descriptions;
#[cfg_attr(not(feature = "metrics"), path = "event_metrics_not_built.rs")]
mod event_metrics;
#[cfg_attr(not(feature = "metrics"), path = "facade_not_built.rs")]
mod facade;
mod handler_metrics;
#[cfg(feature = "prometheus")]
mod histogram_buckets;
mod labels;
mod program_metrics;
mod stream_metrics;

pub(crate) use api_metrics::{ApiCallMetrics, OpenApiConnection, api_reconnect, publishes_batched};
pub(crate) use connection_metrics::{OpenConnection, tls_handshake_failed};
pub(crate) use event_metrics::{EventMetrics, RunningEvent};
pub(crate) use handler_metrics::{
    count_panic, event_refused, handler_blocked, handler_killed, handler_unblocked, unknown_event_unreadable,
};
#[cfg(feature = "prometheus")]
pub(crate) use histogram_buckets::{DURATION_SUFFIX, HISTOGRAMS, OWN_DURATIONS};
pub(crate) use labels::{EventOutcome, Refusal};
pub(crate) use program_metrics::{StateBuild, describe_program, log_line_dropped};
pub(crate) use stream_metrics::{IncomingMessages, OpenStream};
