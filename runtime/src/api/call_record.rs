//! Records a call in its span and in the metrics.

use std::future::Future;

use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use super::call_target::CallTarget;
use super::error::Error;
use crate::logging::{FieldText, personal_field, records_conventions};
use crate::metrics::ApiCallMetrics;

/// The service of Centrifugo that a call is made of (`api.proto`).
const SERVICE: &str = "centrifugal.centrifugo.api.CentrifugoApi";

/// A call in flight.
pub(super) struct CallRecord {
    span: Span,
    metrics: ApiCallMetrics,
}

impl CallRecord {
    /// Records the start of a call.
    pub(super) fn begin(method: &'static str, target: &CallTarget, transport: &'static str) -> Self {
        Self {
            span: span(method, target, transport),
            metrics: ApiCallMetrics::begin(method, transport),
        }
    }

    /// Runs a call, which returns its result and the number of its attempts, and records the end.
    pub(super) async fn run<T>(
        self,
        call: impl Future<Output = (Result<T, Error>, u32)>,
    ) -> Result<T, Error> {
        let Self { span, metrics } = self;
        let (result, attempts) = call.instrument(span.clone()).await;
        let (outcome, delivery) = match &result {
            Ok(_) => ("ok", "delivered"),
            Err(error) => (error.kind().label(), error.delivery().label()),
        };
        span.record("outcome", outcome)
            .record("delivery", delivery)
            .record("attempts", attempts);
        if result.is_err() && records_conventions() {
            span.record("error.type", outcome)
                .record("otel.status_code", "ERROR");
        }
        metrics.end(outcome, delivery);
        result
    }
}

fn span(method: &'static str, target: &CallTarget, transport: &'static str) -> Span {
    if !tracing::span_enabled!(target: "centrifugo::api", tracing::Level::INFO) {
        return Span::none();
    }
    let channel = target.channel_name().map(FieldText::new);
    let user = target.user().and_then(personal_field);
    let is_named = records_conventions();
    let destination = channel.as_ref().filter(|_| is_named).map(FieldText::text);
    let enduser = user.as_ref().filter(|_| is_named).map(FieldText::text);
    let rpc_method = is_named.then(|| format!("{SERVICE}/{method}"));
    let system = if transport == "grpc" { "grpc" } else { "centrifugo" };
    tracing::info_span!(
        target: "centrifugo::api", "api call",
        method, channel = channel.as_ref().map(FieldText::value), user = user.as_ref().map(FieldText::value), transport,
        outcome = Empty, delivery = Empty, attempts = Empty,
        otel.name = rpc_method.as_deref(), otel.kind = is_named.then_some("client"),
        otel.status_code = Empty,
        rpc.system.name = is_named.then_some(system), rpc.method = rpc_method.as_deref(),
        messaging.system = destination.as_ref().map(|_| "centrifugo"), messaging.destination.name = destination.as_deref(),
        enduser.id = enduser.as_deref(), error.type = Empty,
    )
}

#[cfg(all(test, feature = "logging"))]
mod tests {
    use tracing_subscriber::filter::filter_fn;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn has_a_span_for_a_subscriber_of_spans_alone() {
        let spans = tracing_subscriber::registry().with(filter_fn(|metadata| metadata.is_span()));
        let span = tracing::subscriber::with_default(spans, || span("publish", &CallTarget::None, "grpc"));
        assert!(!span.is_disabled());
    }
}
