//! The publications of a stream: made on the threads of handlers, sent by the connection.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_core::Stream;
use tokio::sync::mpsc;

use super::job::Job;
use super::pool::Pool;
use crate::dispatch::Publications;

/// How many publications are made ahead of the connection.
const AHEAD: usize = 16;
/// How long a stream whose publications are always ready may run before others have their turn.
const TURN: Duration = Duration::from_millis(1);

/// The publications of one stream as its connection takes them.
pub(crate) struct Outbox {
    state: State,
    open: Arc<AtomicUsize>,
}

enum State {
    /// Nothing runs before the answer to the subscription has left.
    New(Publications, Arc<Job>, Arc<Pool>),
    Open(mpsc::Receiver<Result<Bytes, Cow<'static, str>>>, Arc<Job>),
    Ended,
}

impl Outbox {
    pub(super) fn new(
        publications: Publications,
        job: Arc<Job>,
        pool: Arc<Pool>,
        open: Arc<AtomicUsize>,
    ) -> Self {
        open.fetch_add(1, Ordering::Relaxed);
        Self {
            state: State::New(publications, job, pool),
            open,
        }
    }

    /// Ends the stream: its future is dropped on a thread of handlers.
    pub(crate) fn end(&mut self) {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Ended => {}
            State::Open(_, job) => job.abandon(),
            // Never polled, but the program's code is in it all the same.
            State::New(publications, job, pool) => {
                pool.spawn(job.clone(), async move { drop(publications) });
            }
        }
    }
}

impl Stream for Outbox {
    type Item = Result<Bytes, Cow<'static, str>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let State::New(..) = self.state
            && let State::New(publications, job, pool) = std::mem::replace(&mut self.state, State::Ended)
        {
            let (sender, receiver) = mpsc::channel(AHEAD);
            pool.spawn(job.clone(), send(publications, sender));
            self.state = State::Open(receiver, job);
        }
        match &mut self.state {
            State::Open(receiver, _) => receiver.poll_recv(cx),
            _ => Poll::Ready(None),
        }
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        self.end();
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Makes a publication whenever there is room for it.
async fn send(mut publications: Publications, sender: mpsc::Sender<Result<Bytes, Cow<'static, str>>>) {
    let mut turn = Turn::default();
    loop {
        let Ok(room) = sender.reserve().await else {
            return;
        };
        let next = std::future::poll_fn(|cx| {
            if turn.is_over() {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let polled = Pin::new(&mut publications).poll_next(cx);
            if polled.is_pending() {
                turn = Turn::default();
            }
            polled
        });
        match next.await {
            Some(publication) => room.send(publication),
            None => return,
        }
    }
}

/// How long a stream has run without a pause.
#[derive(Default)]
struct Turn {
    begun: Option<Instant>,
}

impl Turn {
    /// Whether others are to have their turn; it begins anew then.
    fn is_over(&mut self) -> bool {
        let is_over = self.begun.get_or_insert_with(Instant::now).elapsed() >= TURN;
        if is_over {
            self.begun = None;
        }
        is_over
    }
}
