//! The metrics of calls of the server API.

use super::facade::{Counter, Gauge, Histogram, Timer};

/// Counts a call as in flight until it is dropped. A call that is dropped before its end counts as cancelled.
pub(crate) struct ApiCallMetrics {
    method: &'static str,
    transport: &'static str,
    in_flight: Gauge,
    timer: Timer,
    is_ended: bool,
}

impl ApiCallMetrics {
    /// Records the start of a call.
    pub(crate) fn begin(method: &'static str, transport: &'static str) -> Self {
        let in_flight = Gauge::new("centrifugo_backend_api_in_flight", &[("transport", transport)]);
        in_flight.increment();
        Self {
            method,
            transport,
            in_flight,
            timer: Timer::start(),
            is_ended: false,
        }
    }

    /// Records the end of the call.
    pub(crate) fn end(mut self, outcome: &'static str, delivery: &'static str) {
        self.record(outcome, delivery);
    }

    fn record(&mut self, outcome: &'static str, delivery: &'static str) {
        self.is_ended = true;
        let labels = [
            ("method", self.method),
            ("transport", self.transport),
            ("outcome", outcome),
            ("delivery", delivery),
        ];
        Counter::new("centrifugo_backend_api_calls_total", &labels).increment();
        Histogram::new("centrifugo_backend_api_call_duration_seconds", &labels).record(self.timer.seconds());
    }
}

impl Drop for ApiCallMetrics {
    fn drop(&mut self) {
        self.in_flight.decrement();
        if !self.is_ended {
            self.record("cancelled", "unknown");
        }
    }
}

/// Counts a connection to the server API as open until it is dropped.
pub(crate) struct OpenApiConnection(Gauge);

impl OpenApiConnection {
    pub(crate) fn new(transport: &'static str) -> Self {
        let open = Gauge::new("centrifugo_backend_api_connections", &[("transport", transport)]);
        open.increment();
        Self(open)
    }
}

impl Drop for OpenApiConnection {
    fn drop(&mut self) {
        self.0.decrement();
    }
}

/// Counts a failure of the connection, after which the next call connects again.
pub(crate) fn api_reconnect(transport: &'static str) {
    Counter::new(
        "centrifugo_backend_api_reconnects_total",
        &[("transport", transport)],
    )
    .increment();
}

/// Records how many publishes are sent in one request.
pub(crate) fn publishes_batched(transport: &'static str, count: usize) {
    Histogram::new(
        "centrifugo_backend_api_batched_publishes",
        &[("transport", transport)],
    )
    .record(count as f64);
}
