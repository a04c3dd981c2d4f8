//! The metrics of the endpoints' connections.

use super::facade::{Counter, Gauge};

/// Counts a connection as open until it is dropped.
pub(crate) struct OpenConnection(Gauge);

impl OpenConnection {
    /// Counts a new connection to an endpoint. `transport` is `grpc` or `http`.
    pub(crate) fn new(transport: &'static str) -> Self {
        let labels = [("transport", transport)];
        Counter::new("centrifugo_backend_connections_total", &labels).increment();
        let open = Gauge::new("centrifugo_backend_connections_open", &labels);
        open.increment();
        Self(open)
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.decrement();
    }
}

/// Counts a TLS handshake that failed or timed out.
pub(crate) fn tls_handshake_failed(transport: &'static str) {
    Counter::new(
        "centrifugo_backend_tls_handshake_failures_total",
        &[("transport", transport)],
    )
    .increment();
}
