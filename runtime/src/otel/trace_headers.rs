//! The context that a call of the server API carries, as W3C Trace Context defines it.

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::Context;
use opentelemetry::propagation::{Injector, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The headers `traceparent` and `tracestate` of a call. There are none outside of a trace.
///
/// Baggage is never sent: a program may keep personal data there, and Centrifugo does not read it.
#[derive(Clone, Default)]
pub(crate) struct TraceHeaders(Vec<(HeaderName, HeaderValue)>);

impl TraceHeaders {
    /// Returns the context of the current span.
    pub(crate) fn current() -> Self {
        let mut headers = Self::default();
        let context = Span::current().context();
        let context = if context.span().span_context().is_valid() {
            context
        } else {
            // A span that `tracing` does not know.
            Context::current()
        };
        TraceContextPropagator::new().inject_context(&context, &mut headers);
        headers
    }

    pub(crate) fn insert_into(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.0 {
            headers.insert(name, value.clone());
        }
    }
}

impl Injector for TraceHeaders {
    fn set(&mut self, key: &str, value: String) {
        if !value.is_empty()
            && let (Ok(name), Ok(value)) = (HeaderName::try_from(key), HeaderValue::try_from(value))
        {
            self.0.push((name, value));
        }
    }
}
