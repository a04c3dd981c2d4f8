//! Traces of [OpenTelemetry](https://opentelemetry.io).
//!
//! With the feature `otel`, a `traceparent` that comes with an event becomes a link of its span, and calls of the server API
//! over gRPC and HTTP carry the context of their span. Both work with each subscriber that has a layer of
//! [`tracing_opentelemetry`](https://docs.rs/tracing-opentelemetry). [`init`] sets a subscriber for a program that has none.
//! [The guide](crate::guide::tracing) has the names of all fields.

#[cfg(feature = "otel")]
mod collector;
#[cfg(feature = "otel")]
mod export_log;
#[cfg(feature = "otel")]
mod init;
#[cfg(not(feature = "otel"))]
mod not_built;
#[cfg(feature = "otel")]
mod provider;
#[cfg(feature = "otel")]
mod resource;
#[cfg(all(feature = "otel", feature = "api"))]
mod trace_headers;
#[cfg(feature = "otel")]
mod trace_parent;

#[cfg(feature = "otel")]
pub use init::{InitError, init};
#[cfg(all(not(feature = "otel"), feature = "api"))]
pub(crate) use not_built::TraceHeaders;
#[cfg(not(feature = "otel"))]
pub(crate) use not_built::{flush_until, join_trace, trust_trace_parent};
#[cfg(feature = "otel")]
pub use provider::flush;
#[cfg(feature = "otel")]
pub(crate) use provider::flush_until;
#[cfg(all(feature = "otel", feature = "api"))]
pub(crate) use trace_headers::TraceHeaders;
#[cfg(feature = "otel")]
pub(crate) use trace_parent::{join_trace, trust_trace_parent};
