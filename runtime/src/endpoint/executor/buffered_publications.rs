//! The publications of a stream: a handler thread polls them, and the connection takes them from a buffer.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_core::Stream;
use tokio::sync::mpsc;

use super::handler_pool::HandlerPool;
use super::job::Job;
use crate::dispatch::Publications;

/// The number of publications that are buffered for the connection.
const BUFFER_LEN: usize = 16;
/// How long a stream whose publications are always ready may run before it yields to other handlers.
const TIME_SLICE: Duration = Duration::from_millis(1);

/// A stream of publications that handler threads fill.
pub(crate) struct BufferedPublications {
    state: State,
    open_streams: Arc<AtomicUsize>,
}

enum State {
    /// The publications are first polled when the connection has sent the reply to the subscription.
    NotStarted(Publications, Arc<Job>, Arc<HandlerPool>),
    Running(mpsc::Receiver<Result<Bytes, Cow<'static, str>>>, Arc<Job>),
    Ended,
}

impl BufferedPublications {
    pub(super) fn new(
        publications: Publications,
        job: Arc<Job>,
        pool: Arc<HandlerPool>,
        open_streams: Arc<AtomicUsize>,
    ) -> Self {
        open_streams.fetch_add(1, Ordering::Relaxed);
        Self {
            state: State::NotStarted(publications, job, pool),
            open_streams,
        }
    }

    /// Ends the stream. A handler thread drops the publications.
    fn end(&mut self) {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Ended => {}
            State::Running(_, job) => job.cancel(),
            // Although they were never polled, their drop runs code of the program.
            State::NotStarted(publications, job, pool) => {
                pool.spawn_detached(job, async move { drop(publications) });
            }
        }
    }
}

impl Stream for BufferedPublications {
    type Item = Result<Bytes, Cow<'static, str>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let State::NotStarted(..) = self.state
            && let State::NotStarted(publications, job, pool) =
                std::mem::replace(&mut self.state, State::Ended)
        {
            let (sender, receiver) = mpsc::channel(BUFFER_LEN);
            pool.spawn(job.clone(), send(publications, sender));
            self.state = State::Running(receiver, job);
        }
        match &mut self.state {
            State::Running(receiver, _) => receiver.poll_recv(cx),
            _ => Poll::Ready(None),
        }
    }
}

impl Drop for BufferedPublications {
    fn drop(&mut self) {
        self.end();
        self.open_streams.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Polls the publications while the buffer has room.
async fn send(mut publications: Publications, sender: mpsc::Sender<Result<Bytes, Cow<'static, str>>>) {
    let mut time_slice = TimeSlice::default();
    loop {
        let Ok(permit) = sender.reserve().await else {
            return;
        };
        let next = std::future::poll_fn(|cx| {
            if time_slice.is_over() {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let polled = Pin::new(&mut publications).poll_next(cx);
            if polled.is_pending() {
                time_slice = TimeSlice::default();
            }
            polled
        });
        match next.await {
            Some(publication) => permit.send(publication),
            None => return,
        }
    }
}

/// Measures how long a stream has run without being pending.
#[derive(Default)]
struct TimeSlice {
    started: Option<Instant>,
}

impl TimeSlice {
    /// Returns whether the stream must yield. A new time slice begins then.
    fn is_over(&mut self) -> bool {
        let is_over = self.started.get_or_insert_with(Instant::now).elapsed() >= TIME_SLICE;
        if is_over {
            self.started = None;
        }
        is_over
    }
}
