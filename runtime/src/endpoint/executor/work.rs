//! The future of a job, and the receiver of its result.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::future::BoxFuture;
use tokio::sync::oneshot;

/// The future of a job that has not begun, and the receiver of its result.
pub(super) struct Work<T> {
    pub(super) future: BoxFuture<'static, ()>,
    pub(super) result: oneshot::Receiver<T>,
}

impl<T: Send + 'static> Work<T> {
    pub(super) fn new(handler: impl Future<Output = T> + Send + Unpin + 'static) -> Self {
        let (sender, result) = oneshot::channel();
        let sender = Some(sender);
        Self {
            future: Box::pin(SendResult { handler, sender }),
            result,
        }
    }
}

/// Sends the result of a handler. In an `async` block, the handler would take twice the memory.
struct SendResult<F, T> {
    handler: F,
    /// `None` after the end.
    sender: Option<oneshot::Sender<T>>,
}

impl<F: Future<Output = T> + Unpin, T> Future for SendResult<F, T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let result = ready!(Pin::new(&mut self.handler).poll(cx));
        if let Some(sender) = self.sender.take() {
            // If the receiver is gone, the result is dropped here, on a handler thread.
            let _ = sender.send(result);
        }
        Poll::Ready(())
    }
}
