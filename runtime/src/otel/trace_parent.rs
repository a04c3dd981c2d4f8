//! The `traceparent` that comes with an event.

use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::event::Metadata;

/// The longest `traceparent` that is read, in bytes. Version 00 has 55; later versions may have more.
const MAX_LEN: usize = 128;

/// Whether a `traceparent` is the parent of an event's span, and not a link.
static IS_TRUSTED: AtomicBool = AtomicBool::new(false);

/// Sets whether the trace of a `traceparent` contains the event.
pub(crate) fn trust_trace_parent(is_trusted: bool) {
    IS_TRUSTED.store(is_trusted, Ordering::Relaxed);
}

/// Links the span of an event to the `traceparent` of its metadata, or makes it the parent if it is trusted.
///
/// The value belongs to the client's connection, which lives for hours, and the client has chosen it. A value that is not valid
/// is ignored, and so are several values.
pub(crate) fn join_trace(span: &Span, metadata: &Metadata) {
    if span.is_disabled() {
        return;
    }
    let is_trusted = IS_TRUSTED.load(Ordering::Relaxed);
    let headers = Headers {
        metadata,
        has_state: is_trusted,
    };
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &headers);
    let remote = context.span().span_context().clone();
    if !remote.is_valid() {
        return;
    }
    if is_trusted {
        // Fails only if the span is not one of OpenTelemetry.
        let _ = span.set_parent(context);
    } else {
        span.add_link(remote);
    }
}

struct Headers<'a> {
    metadata: &'a Metadata,
    /// Whether `tracestate` is read. A client may fill it with text of any length.
    has_state: bool,
}

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let value = self.metadata.one(key).ok().flatten()?;
        match key {
            "traceparent" => Some(value).filter(|value| value.len() <= MAX_LEN),
            "tracestate" => Some(value).filter(|_| self.has_state),
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent", "tracestate"]
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::TracerProvider as _;
    use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
    use proptest::prelude::*;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    /// Returns the span of an event with this metadata.
    fn joined(metadata: &Metadata) -> SpanData {
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder()
            .with_simple_exporter(exporter.clone())
            .build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            join_trace(&tracing::info_span!("event"), metadata);
        });
        exporter.get_finished_spans().unwrap().remove(0)
    }

    #[test]
    fn links_a_valid_value_and_ignores_others() {
        let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let long = format!(
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-{}",
            "a".repeat(100)
        );
        let metadata = |values: &[&str]| values.iter().map(|value| ("traceparent", *value)).collect();
        let span = joined(&metadata(&[valid]));
        let [link] = &span.links.links[..] else {
            panic!("one link: {:?}", span.links);
        };
        assert_eq!(
            link.span_context.trace_id().to_string(),
            "0af7651916cd43dd8448eb211c80319c"
        );
        assert_eq!(link.span_context.span_id().to_string(), "b7ad6b7169203331");
        assert_ne!(span.span_context.trace_id(), link.span_context.trace_id());
        for wrong in [&[][..], &[valid, valid], &[""], &["00-0-0-00"], &[&long]] {
            let span = joined(&metadata(wrong));
            assert_eq!(span.links.links.len(), 0, "{wrong:?}");
        }
    }

    #[test]
    fn does_not_keep_the_state_of_a_client() {
        let pairs = [
            (
                "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            ),
            ("tracestate", "vendor=value"),
        ];
        let span = joined(&pairs.into_iter().collect());
        assert_eq!(span.links.links[0].span_context.trace_state().header(), "");
    }

    proptest! {
        #[test]
        fn reads_any_text(text in "[-0-9a-f+ \\PC]{0,80}", hex in "[0-9a-fA-F+-]{0,60}") {
            for text in [text, format!("00-{hex}"), hex] {
                joined(&[("traceparent", text)].into_iter().collect());
            }
        }

        #[test]
        #[cfg(feature = "_direct")]
        fn reads_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let mut headers = http::HeaderMap::new();
            if let Ok(value) = http::HeaderValue::from_bytes(&bytes) {
                headers.insert("traceparent", value);
            }
            joined(&Metadata::from_headers(headers));
        }
    }
}
