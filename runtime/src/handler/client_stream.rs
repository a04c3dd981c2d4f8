//! The client's side of a stream: read by the handler's `Incoming` while there is one, else by the stream that answers.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use futures_core::Stream;

/// The encoded messages of a two-way stream, after the first.
pub(crate) type Messages = Pin<Box<dyn Stream<Item = Bytes> + Send>>;

/// How many messages are thrown away before others have their turn.
const BURST: usize = 32;

/// A handle of the client's side. Its end, and the end of the answer, are seen on the other side.
#[derive(Clone)]
pub(crate) struct ClientStream(Arc<Mutex<Inner>>);

struct Inner {
    side: Side,
    /// Whether an `Incoming` reads.
    taken: bool,
    reader: Option<Waker>,
    answer: Option<Waker>,
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
            taken: false,
            reader: None,
            answer: None,
        })))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_two_way(&self) -> bool {
        !matches!(self.lock().side, Side::OneWay)
    }

    /// Makes the caller the reader, unless there is one.
    pub(crate) fn take(&self) -> bool {
        !std::mem::replace(&mut self.lock().taken, true)
    }

    /// The reader reads no more: the answer looks for the end by itself.
    pub(crate) fn release(&self) {
        let waker = {
            let mut inner = self.lock();
            inner.taken = false;
            inner.reader = None;
            inner.answer.take()
        };
        wake(waker);
    }

    /// The next message, for the reader; none at the end and on a one-way stream.
    pub(crate) fn poll_message(&self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let mut inner = self.lock();
        let Side::Open(messages) = &mut inner.side else {
            return Poll::Ready(None);
        };
        match messages.as_mut().poll_next(cx) {
            Poll::Ready(None) => {
                drop(inner);
                self.end(Ok(()));
                Poll::Ready(None)
            }
            Poll::Pending => {
                keep(&mut inner.reader, cx);
                Poll::Pending
            }
            ready => ready,
        }
    }

    /// Waits for the client's end, for the answer; without an end on a one-way stream.
    pub(crate) fn poll_end(&self, cx: &mut Context<'_>) -> Poll<Result<(), String>> {
        let mut inner = self.lock();
        for _ in 0..BURST {
            let taken = inner.taken;
            match &mut inner.side {
                Side::OneWay => return Poll::Pending,
                Side::Ended(result) => return Poll::Ready(result.clone()),
                Side::Open(_) if taken => {
                    keep(&mut inner.answer, cx);
                    return Poll::Pending;
                }
                Side::Open(messages) => match messages.as_mut().poll_next(cx) {
                    Poll::Ready(Some(_)) => {
                        tracing::debug!(target: "centrifugo", "a publication that the handler does not take is thrown away");
                    }
                    Poll::Ready(None) => inner.side = Side::Ended(Ok(())),
                    Poll::Pending => return Poll::Pending,
                },
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Why the client's side could not be read further.
    pub(crate) fn broken(&self) -> Option<String> {
        match &self.lock().side {
            Side::Ended(result) => result.clone().err(),
            Side::OneWay | Side::Open(_) => None,
        }
    }

    /// Ends the client's side, for both who wait for it.
    pub(crate) fn end(&self, result: Result<(), String>) {
        let (side, wakers) = {
            let mut inner = self.lock();
            if !matches!(inner.side, Side::Open(_)) {
                return;
            }
            let side = std::mem::replace(&mut inner.side, Side::Ended(result));
            (side, [inner.reader.take(), inner.answer.take()])
        };
        // Outside of the lock: what is dropped and woken may want it.
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

    /// Messages to come, how often it was asked for one, and its waker.
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
    fn nothing_is_taken_ahead() {
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
        // With nobody who reads, the rest is thrown away.
        link.release();
        assert!(link.poll_end(&mut cx).is_pending());
        assert_eq!(side.asked.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn each_end_wakes_the_other() {
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
        // The stream is dropped with it.
        assert_eq!(Arc::strong_count(&side), 1);
    }

    #[test]
    fn a_flood_that_nobody_reads_gives_others_their_turn() {
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
