//! The tracer provider of the process, and the export of what it still holds.

use std::sync::OnceLock;
use std::time::Duration;

use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

/// How long the end of a program waits for the collector.
const FLUSH_LIMIT: Duration = Duration::from_secs(1);

/// The provider that [`init`](super::init) has created.
pub(super) static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// Sends the spans that have ended to the collector, and waits for up to 1 s. Returns whether all of them were received.
///
/// [`serve()`](crate::serve), [`Server::serve`](crate::Server::serve) and `AppHandle::shutdown` of a mounted program do this at
/// their end. Call it at the end of a program without them, outside of an asynchronous function, since it blocks the thread.
pub fn flush() -> bool {
    let Some(provider) = PROVIDER.get() else {
        return true;
    };
    let (sender, result) = std::sync::mpsc::sync_channel(1);
    spawn(provider, move |is_flushed| {
        let _ = sender.send(is_flushed);
    }) && result.recv_timeout(FLUSH_LIMIT).unwrap_or_default()
}

/// Flushes like [`flush`], at most until `deadline`.
pub(crate) async fn flush_until(deadline: Instant) {
    let Some(provider) = PROVIDER.get() else {
        return;
    };
    let (sender, result) = oneshot::channel();
    let is_started = spawn(provider, move |is_flushed| {
        let _ = sender.send(is_flushed);
    });
    let deadline = deadline.min(Instant::now() + FLUSH_LIMIT);
    let is_flushed = matches!(timeout_at(deadline, result).await, Ok(Ok(true)));
    if !(is_started && is_flushed) {
        tracing::warn!(target: "centrifugo", "traces not flushed: the collector did not receive them in time");
    }
}

/// Flushes on a new thread, since the provider blocks its caller for up to 5 s. Returns whether the thread was started.
fn spawn(provider: &SdkTracerProvider, done: impl FnOnce(bool) + Send + 'static) -> bool {
    let provider = provider.clone();
    std::thread::Builder::new()
        .name("centrifugo-otlp-flush".into())
        .spawn(move || done(provider.force_flush().is_ok()))
        .is_ok()
}
