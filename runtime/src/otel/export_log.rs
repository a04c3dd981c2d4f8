//! Logs failures of the export of traces.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

/// An exporter that logs the first failure, and the first success after it.
#[derive(Debug)]
pub(super) struct LoggedExporter<E> {
    exporter: E,
    is_failing: AtomicBool,
}

impl<E> LoggedExporter<E> {
    pub(super) fn new(exporter: E) -> Self {
        Self {
            exporter,
            is_failing: AtomicBool::new(false),
        }
    }
}

impl<E: SpanExporter> SpanExporter for LoggedExporter<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let result = self.exporter.export(batch).await;
        let was_failing = self.is_failing.swap(result.is_err(), Ordering::Relaxed);
        match &result {
            Err(error) if was_failing => {
                tracing::debug!(target: "centrifugo", %error, spans, "traces not exported again");
            }
            Err(error) => tracing::warn!(target: "centrifugo", %error, spans, "traces not exported"),
            Ok(()) if was_failing => tracing::info!(target: "centrifugo", "traces are exported again"),
            Ok(()) => {}
        }
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
