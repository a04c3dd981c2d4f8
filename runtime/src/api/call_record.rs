//! Records a call in its span and in the metrics.

use std::future::Future;

use tracing::{Instrument as _, Span};

use super::call_target::CallTarget;
use super::error::Error;
use crate::logging::{clip, personal_field};
use crate::metrics::ApiCallMetrics;

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
        metrics.end(outcome, delivery);
        result
    }
}

fn span(method: &'static str, target: &CallTarget, transport: &'static str) -> Span {
    if !tracing::enabled!(target: "centrifugo::api", tracing::Level::INFO) {
        return Span::none();
    }
    tracing::info_span!(
        target: "centrifugo::api", "api call",
        method, channel = target.channel_name().map(|channel| tracing::field::debug(clip(channel))),
        user = target.user().and_then(personal_field), transport,
        outcome = tracing::field::Empty, delivery = tracing::field::Empty, attempts = tracing::field::Empty,
    )
}
