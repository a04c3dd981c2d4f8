//! The shutdown of an executor: ends streams, waits for events, and aborts those that take too long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

#[cfg(feature = "grpc")]
use futures_core::future::BoxFuture;
use tokio::sync::watch;
use tokio::time::sleep;

/// The interval at which [`Shutdown::drained`] and [`Shutdown::abort_events`] check the counts.
const POLL_INTERVAL: Duration = Duration::from_millis(10);
/// How many intervals [`Shutdown::abort_events`] waits for the aborted handlers.
const ABORT_POLLS: usize = 10;

/// Counts events and streams, and tells them when the program stops.
pub(super) struct Shutdown {
    /// Events without a response.
    active_events: AtomicUsize,
    open_streams: Arc<AtomicUsize>,
    /// Whether streams have to end.
    stop: watch::Sender<bool>,
    /// Whether events are answered without waiting for their handlers.
    abort: watch::Sender<bool>,
    /// The same, for each event to see.
    is_aborted: AtomicBool,
}

/// A future that is ready when the program stops.
#[cfg(feature = "grpc")]
pub(crate) type StopSignal = BoxFuture<'static, ()>;

impl Shutdown {
    pub(super) fn new() -> Self {
        Self {
            active_events: AtomicUsize::new(0),
            open_streams: Arc::default(),
            stop: watch::Sender::new(false),
            abort: watch::Sender::new(false),
            is_aborted: AtomicBool::new(false),
        }
    }

    pub(super) fn begin_event(&self) -> ActiveEvent<'_> {
        self.active_events.fetch_add(1, Ordering::Relaxed);
        ActiveEvent(&self.active_events)
    }

    pub(super) fn active_events(&self) -> usize {
        self.active_events.load(Ordering::Relaxed)
    }

    #[cfg(feature = "grpc")]
    pub(super) fn open_streams(&self) -> &Arc<AtomicUsize> {
        &self.open_streams
    }

    pub(super) fn stop(&self) {
        self.stop.send_replace(true);
    }

    #[cfg(feature = "grpc")]
    pub(super) fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    #[cfg(feature = "grpc")]
    pub(super) fn stopped(&self) -> StopSignal {
        let mut stop = self.stop.subscribe();
        Box::pin(async move {
            // An error means that the executor was dropped, which ends the stream as well.
            let _ = stop.wait_for(|stop| *stop).await;
        })
    }

    /// Returns whether events are aborted.
    pub(super) fn is_aborted(&self) -> bool {
        self.is_aborted.load(Ordering::Relaxed)
    }

    /// Waits until events are aborted.
    pub(super) async fn aborted(&self) {
        let _ = self.abort.subscribe().wait_for(|abort| *abort).await;
    }

    /// Aborts all events, and waits up to 100 ms until none is active and `running_handlers` returns 0.
    pub(super) async fn abort_events(&self, running_handlers: impl Fn() -> usize) {
        self.is_aborted.store(true, Ordering::Relaxed);
        self.abort.send_replace(true);
        for _ in 0..ABORT_POLLS {
            if self.active_events() == 0 && running_handlers() == 0 {
                return;
            }
            sleep(POLL_INTERVAL).await;
        }
    }

    /// Waits until all events have responses and all streams have ended.
    pub(super) async fn drained(&self) {
        while self.active_events() + self.open_streams.load(Ordering::Relaxed) > 0 {
            sleep(POLL_INTERVAL).await;
        }
    }
}

/// Counts an event as active until it is dropped.
pub(super) struct ActiveEvent<'a>(&'a AtomicUsize);

impl Drop for ActiveEvent<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
