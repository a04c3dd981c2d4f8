//! The metrics of streams. Their handles are looked up once for each stream.

use super::facade::{Counter, Gauge};

fn messages(handler: &'static str, direction: &'static str) -> Counter {
    let labels = [("handler", handler), ("direction", direction)];
    Counter::new("centrifugo_backend_stream_messages_total", &labels)
}

/// Counts a stream as open until it is dropped, and counts the publications that are sent to its client.
pub(crate) struct OpenStream {
    open: Gauge,
    sent: Counter,
}

impl OpenStream {
    pub(crate) fn new(handler: &'static str) -> Self {
        let open = Gauge::new("centrifugo_backend_streams_open", &[("handler", handler)]);
        open.increment();
        Self {
            open,
            sent: messages(handler, "out"),
        }
    }

    /// Counts a publication that is sent.
    pub(crate) fn record_sent(&self) {
        self.sent.increment();
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.open.decrement();
    }
}

/// Counts the messages that arrive from the client of a stream.
pub(crate) struct IncomingMessages(Counter);

impl IncomingMessages {
    pub(crate) fn new(handler: &'static str) -> Self {
        Self(messages(handler, "in"))
    }

    pub(crate) fn record_received(&self) {
        self.0.increment();
    }
}
