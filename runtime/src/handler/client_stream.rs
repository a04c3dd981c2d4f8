//! The client's side of a two-way stream.
//!
//! While the handler has an `Incoming`, it reads the client's messages. Otherwise the stream of the answer reads and
//! discards them.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use futures_core::Stream;

use crate::metrics::IncomingMessages;

/// The encoded messages of a client after the first message.
pub(crate) type Messages = Pin<Box<dyn Stream<Item = Bytes> + Send>>;

/// The number of messages that are discarded before the task yields to other tasks.
const BURST: usize = 32;

/// A handle to the client's side, for `Incoming` and for the stream of the answer. Each is woken when the other ends.
#[derive(Clone)]
pub(crate) struct ClientStream(Arc<Mutex<Inner>>);

struct Inner {
    side: Side,
    /// Whether an `Incoming` reads the messages.
    is_taken: bool,
    reader: Option<Waker>,
    answer: Option<Waker>,
    metrics: Option<IncomingMessages>,
}

enum Side {
    OneWay,
    Open(Messages),
    Ended(Result<(), String>),
}

impl ClientStream {
    pub(crate) fn new(messages: Option<Messages>) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            side: messages.map_or(Side::OneWay, Side::Open),
            is_taken: false,
            reader: None,
            answer: None,
            metrics: None,
        })))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the messages of a two-way stream in the metrics of the handler.
    pub(crate) fn count_messages(&self, handler: &'static str) {
        let mut inner = self.lock();
        if matches!(inner.side, Side::Open(_)) {
            inner.metrics = Some(IncomingMessages::new(handler));
        }
    }

    pub(crate) fn is_two_way(&self) -> bool {
        !matches!(self.lock().side, Side::OneWay)
    }

    /// Makes the caller the reader. Returns false if there is a reader already.
    pub(crate) fn take(&self) -> bool {
        !std::mem::replace(&mut self.lock().is_taken, true)
    }

    /// Releases the reader's role, so that the stream of the answer polls for the end itself.
    pub(crate) fn release(&self) {
        let waker = {
            let mut inner = self.lock();
            inner.is_taken = false;
            inner.reader = None;
            inner.answer.take()
        };
        wake(waker);
    }

    /// Polls for the reader's next message. Returns `None` at the end and in a one-way stream.
    pub(crate) fn poll_message(&self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let mut inner = self.lock();
        let inner_mut = &mut *inner;
        let Side::Open(messages) = &mut inner_mut.side else {
            return Poll::Ready(None);
        };
        match messages.as_mut().poll_next(cx) {
            Poll::Ready(Some(message)) => {
                if let Some(metrics) = &inner_mut.metrics {
                    metrics.record_received();
                }
                Poll::Ready(Some(message))
            }
            Poll::Ready(None) => {
                drop(inner);
                self.end(Ok(()));
                Poll::Ready(None)
            }
            Poll::Pending => {
                keep(&mut inner_mut.reader, cx);
                Poll::Pending
            }
        }
    }

    /// Polls for the end of the client's side, on behalf of the stream of the answer. A one-way stream has no end.
    pub(crate) fn poll_end(&self, cx: &mut Context<'_>) -> Poll<Result<(), String>> {
        let mut inner = self.lock();
        for _ in 0..BURST {
            let inner = &mut *inner;
            let is_taken = inner.is_taken;
            match &mut inner.side {
                Side::OneWay => return Poll::Pending,
                Side::Ended(result) => return Poll::Ready(result.clone()),
                Side::Open(_) if is_taken => {
                    keep(&mut inner.answer, cx);
                    return Poll::Pending;
                }
                Side::Open(messages) => match messages.as_mut().poll_next(cx) {
                    Poll::Ready(Some(_)) => {
                        if let Some(metrics) = &inner.metrics {
                            metrics.record_received();
                        }
                        tracing::debug!(
                            target: "centrifugo",
                            "client publication discarded: the handler does not read publications",
                        );
                    }
                    Poll::Ready(None) => inner.side = Side::Ended(Ok(())),
                    Poll::Pending => return Poll::Pending,
                },
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Returns why reading the client's side failed, if it did.
    pub(crate) fn broken(&self) -> Option<String> {
        match &self.lock().side {
            Side::Ended(result) => result.clone().err(),
            Side::OneWay | Side::Open(_) => None,
        }
    }

    /// Ends the client's side, and wakes the reader and the stream of the answer.
    pub(crate) fn end(&self, result: Result<(), String>) {
        let (side, wakers) = {
            let mut inner = self.lock();
            if !matches!(inner.side, Side::Open(_)) {
                return;
            }
            let side = std::mem::replace(&mut inner.side, Side::Ended(result));
            (side, [inner.reader.take(), inner.answer.take()])
        };
        // The lock is released first, because the dropped stream and the woken tasks may take it.
        drop(side);
        wakers.into_iter().for_each(wake);
    }
}

fn keep(place: &mut Option<Waker>, cx: &Context<'_>) {
    match place {
        Some(waker) => waker.clone_from(cx.waker()),
        None => *place = Some(cx.waker().clone()),
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use super::*;

    /// The messages that are not read yet, and the number of polls.
    #[derive(Default)]
    struct Side {
        messages: Mutex<Vec<Bytes>>,
        asked: AtomicUsize,
    }

    struct Asked(Arc<Side>);

    impl Stream for Asked {
        type Item = Bytes;
        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Bytes>> {
            self.0.asked.fetch_add(1, Ordering::Relaxed);
            self.0
                .messages
                .lock()
                .unwrap()
                .pop()
                .map_or(Poll::Pending, |message| Poll::Ready(Some(message)))
        }
    }

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn does_not_poll_messages_ahead_of_the_reader() {
        let side = Arc::new(Side::default());
        side.messages
            .lock()
            .unwrap()
            .extend([Bytes::from("b"), Bytes::from("a")]);
        let link = ClientStream::new(Some(Box::pin(Asked(side.clone()))));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(link.take() && !link.take());
        assert!(link.poll_end(&mut cx).is_pending());
        assert_eq!(side.asked.load(Ordering::Relaxed), 0);
        assert_eq!(link.poll_message(&mut cx), Poll::Ready(Some("a".into())));
        assert_eq!(side.asked.load(Ordering::Relaxed), 1);
        // Without a reader, the remaining messages are discarded.
        link.release();
        assert!(link.poll_end(&mut cx).is_pending());
        assert_eq!(side.asked.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn wakes_the_reader_and_the_answer_at_the_end() {
        let side = Arc::new(Side::default());
        let link = ClientStream::new(Some(Box::pin(Asked(side.clone()))));
        let (reader, answer) = (Arc::new(Woken::default()), Arc::new(Woken::default()));
        link.take();
        assert!(
            link.poll_message(&mut Context::from_waker(&reader.clone().into()))
                .is_pending()
        );
        assert!(
            link.poll_end(&mut Context::from_waker(&answer.clone().into()))
                .is_pending()
        );
        link.end(Err("why".into()));
        assert_eq!(
            (reader.0.load(Ordering::Relaxed), answer.0.load(Ordering::Relaxed)),
            (1, 1)
        );
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(link.poll_message(&mut cx), Poll::Ready(None));
        assert_eq!(link.poll_end(&mut cx), Poll::Ready(Err("why".into())));
        // The client's messages are dropped at the end.
        assert_eq!(Arc::strong_count(&side), 1);
    }

    #[test]
    fn yields_to_other_tasks_while_it_discards_messages() {
        let side = Arc::new(Side::default());
        side.messages.lock().unwrap().extend(vec![Bytes::new(); 10_000]);
        let link = ClientStream::new(Some(Box::pin(Asked(side.clone()))));
        let woken = Arc::new(Woken::default());
        assert!(
            link.poll_end(&mut Context::from_waker(&woken.clone().into()))
                .is_pending()
        );
        assert_eq!(
            (
                side.asked.load(Ordering::Relaxed),
                woken.0.load(Ordering::Relaxed)
            ),
            (BURST, 1)
        );
    }
}
