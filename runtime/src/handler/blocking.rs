//! Handlers that may block their thread.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing::Span;

#[cfg(feature = "_direct")]
use super::handler_thread::HandlerThread;
use crate::error::Error;
#[cfg(feature = "api")]
use crate::time::EventDeadline;

/// The number of blocking handlers that run on a thread of tokio's pool.
pub(crate) static BLOCKING: AtomicUsize = AtomicUsize::new(0);

/// Runs a handler on a thread that it may block.
pub(crate) async fn blocking<R: Send + 'static>(
    handler: impl FnOnce() -> R + Send + 'static,
) -> Result<R, Error> {
    // The endpoint has its own threads for blocking handlers, and polls the handler on one of them.
    #[cfg(feature = "_direct")]
    if HandlerThread::current() != HandlerThread::Other {
        std::future::poll_fn(|cx| match HandlerThread::current() {
            // A layer has replaced the event by one of this handler. The endpoint polls it again on a thread of the pool.
            HandlerThread::Inline => {
                // A future around this one may poll only what was woken.
                cx.waker().wake_by_ref();
                std::task::Poll::Pending
            }
            _ => std::task::Poll::Ready(()),
        })
        .await;
        return Ok(handler());
    }
    struct Counted;
    impl Drop for Counted {
        fn drop(&mut self) {
            BLOCKING.fetch_sub(1, Ordering::Relaxed);
        }
    }
    BLOCKING.fetch_add(1, Ordering::Relaxed);
    let counted = Counted;
    #[cfg(feature = "api")]
    let deadline = EventDeadline::current();
    let span = Span::current();
    let task = tokio::task::spawn_blocking(move || {
        let _counted = counted;
        #[cfg(feature = "api")]
        let _deadline = deadline.map(EventDeadline::enter);
        span.in_scope(handler)
    });
    match task.await {
        Ok(reply) => Ok(reply),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(error) => Err(Error::internal(error)),
        },
    }
}
