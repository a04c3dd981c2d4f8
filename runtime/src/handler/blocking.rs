//! Handlers that may block.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

#[cfg(feature = "_direct")]
use super::handler_thread::HandlerThread;
use crate::error::Error;

/// Blocking handlers whose thread still runs.
pub(crate) static BLOCKING: AtomicUsize = AtomicUsize::new(0);

/// Runs a handler on a thread where it may block.
pub(crate) async fn blocking<R: Send + 'static>(
    handler: impl FnOnce() -> R + Send + 'static,
) -> Result<R, Error> {
    // An endpoint has threads for it, on which it polls the handler.
    #[cfg(feature = "_direct")]
    if HandlerThread::current() != HandlerThread::Other {
        std::future::poll_fn(|_| match HandlerThread::current() {
            // It is polled again on one of them.
            HandlerThread::Inline => std::task::Poll::Pending,
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
    let task = tokio::task::spawn_blocking(move || {
        let _counted = counted;
        handler()
    });
    match task.await {
        Ok(reply) => Ok(reply),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(error) => Err(Error::internal(error)),
        },
    }
}
