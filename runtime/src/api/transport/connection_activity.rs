//! Finds silent connections: a call on them timed out, and nothing was received since it was sent.

use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::time::Instant;

/// When the latest call was sent that timed out on a silent connection, for all connections of a client.
///
/// Times are microseconds of the monotonic clock since the client was made.
#[derive(Debug)]
pub(crate) struct SilenceTracker {
    origin: Instant,
    since: AtomicU64,
}

impl Default for SilenceTracker {
    fn default() -> Self {
        Self {
            origin: Instant::now(),
            since: AtomicU64::new(0),
        }
    }
}

/// When something was last received on a connection.
#[derive(Debug)]
pub(crate) struct ConnectionActivity {
    silence: Arc<SilenceTracker>,
    received: AtomicU64,
}

impl ConnectionActivity {
    /// The activity of a connection that was made just now.
    pub(crate) fn new(silence: &Arc<SilenceTracker>) -> Arc<Self> {
        let activity = Self {
            silence: silence.clone(),
            received: AtomicU64::new(0),
        };
        activity.record();
        Arc::new(activity)
    }

    /// Notes that something was received.
    pub(crate) fn record(&self) {
        self.received.store(self.now(), Ordering::Relaxed);
    }

    /// The current time.
    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.silence.origin.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Whether nothing was received since this time.
    pub(crate) fn is_silent_since(&self, time: u64) -> bool {
        self.received.load(Ordering::Relaxed) < time
    }

    /// Marks every connection as silent that has received nothing since this time.
    pub(crate) fn report_silence(&self, since: u64) {
        self.silence.since.fetch_max(since, Ordering::Relaxed);
    }

    /// Whether the connection should take no further calls.
    pub(crate) fn is_silent(&self) -> bool {
        self.is_silent_since(self.silence.since.load(Ordering::Relaxed))
    }
}

/// A connection that records when something is received.
#[derive(Debug)]
pub(crate) struct RecordingStream<T> {
    stream: T,
    activity: Arc<ConnectionActivity>,
}

impl<T> RecordingStream<T> {
    pub(crate) fn new(stream: T, activity: Arc<ConnectionActivity>) -> Self {
        Self { stream, activity }
    }
}

impl<T: Read + Unpin> Read for RecordingStream<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        // The end of the stream counts too: the connection is closed by it, and does not need to be silent.
        if let Poll::Ready(Ok(())) = read {
            self.activity.record();
        }
        read
    }
}

impl<T: Write + Unpin> Write for RecordingStream<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn connections_that_received_nothing_since_the_call_are_silent() {
        let silence = Arc::default();
        let (quiet, busy) = (
            ConnectionActivity::new(&silence),
            ConnectionActivity::new(&silence),
        );
        tokio::time::sleep(Duration::from_millis(1)).await;
        let left = quiet.now();
        tokio::time::sleep(Duration::from_millis(1)).await;
        busy.record();
        assert!(quiet.is_silent_since(left) && !busy.is_silent_since(left));
        assert!(!quiet.is_silent(), "no call timed out yet");
        quiet.report_silence(left);
        assert!(quiet.is_silent() && !busy.is_silent());
        assert!(!ConnectionActivity::new(&silence).is_silent(), "a new connection");
        quiet.record();
        assert!(!quiet.is_silent(), "the peer answers again");
    }
}
