//! Short handlers run on the I/O thread that read their event: handing them to another thread would cost more than they do.
//!
//! At most all I/O threads but one do so at a time. What waits behind such a handler, a call or a connection, lies where the
//! watchdog can take it and let another thread go on with it.

use std::cell::RefCell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_core::future::BoxFuture;
use tokio::runtime::Handle;

use super::handler_durations::Slowness;
use super::job::Job;
use super::pool::Pool;
use super::thread_slot::{Place, Places, Rest};
use crate::error::panic_text;
use crate::handler::HandlerThread;

/// How often a thread lets others run before it does without a permit.
const YIELDS: usize = 3;

/// The I/O threads that may run handlers.
pub(super) struct Inline {
    free: Mutex<Vec<Arc<Place>>>,
    permits: usize,
    /// How many of them are held by a handler, so that others went on with what waited behind it.
    stuck: AtomicUsize,
    places: Arc<Places>,
    slowness: Arc<Slowness>,
    pool: Arc<Pool>,
    io: Handle,
}

/// A handler that is to run when the I/O thread has put away what waits for it.
type Offer = (Arc<Job>, BoxFuture<'static, ()>);

struct Accepting {
    permit: Option<Permit>,
    offer: Option<Offer>,
    inline: Arc<Inline>,
}

thread_local! {
    /// Whether the future that is polled on this thread may leave a handler to run after its poll.
    static ACCEPTING: RefCell<Option<Accepting>> = const { RefCell::new(None) };
}

/// The right to run handlers on this I/O thread.
pub(super) struct Permit {
    place: Arc<Place>,
    inline: Arc<Inline>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.inline.places.deactivate(&self.place);
        self.inline
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(self.place.clone());
    }
}

impl Inline {
    /// For the I/O runtime `io` of so many threads.
    pub(super) fn new(
        io: Handle,
        threads: usize,
        places: Arc<Places>,
        slowness: Arc<Slowness>,
        pool: Arc<Pool>,
    ) -> Self {
        let permits = threads.saturating_sub(1);
        Self {
            free: Mutex::new((0..permits).map(|_| places.add(true)).collect()),
            permits,
            stuck: AtomicUsize::new(0),
            places,
            slowness,
            pool,
            io,
        }
    }

    pub(super) fn io(&self) -> &Handle {
        &self.io
    }

    pub(super) fn permits(&self) -> usize {
        self.permits
    }

    pub(super) fn permit(self: &Arc<Self>) -> Option<Permit> {
        let place = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
        self.places.activate(&place);
        Some(Permit {
            place,
            inline: self.clone(),
        })
    }

    /// A permit, if one is free soon. Whoever has it may only wait for this CPU: without a permit, all that this thread reads
    /// would go to other threads until then.
    fn wait_for_permit(self: &Arc<Self>) -> Option<Permit> {
        for _ in 0..YIELDS {
            let permit = self.permit();
            if permit.is_some() || self.is_stuck() {
                return permit;
            }
            std::thread::yield_now();
        }
        self.permit()
    }

    pub(super) fn is_stuck(&self) -> bool {
        self.stuck.load(Ordering::SeqCst) > 0
    }

    /// The watchdog took what waited behind a handler.
    pub(super) fn set_stuck(&self) {
        self.stuck.fetch_add(1, Ordering::SeqCst);
    }

    /// Polls a future that may leave a handler to run on this thread. Keeps the permit for the next one.
    pub(super) fn poll<T>(
        self: &Arc<Self>,
        permit: &mut Option<Permit>,
        poll: impl FnOnce() -> Poll<T>,
    ) -> (Poll<T>, Option<Offer>) {
        ACCEPTING.set(Some(Accepting {
            permit: permit.take(),
            offer: None,
            inline: self.clone(),
        }));
        let polled = poll();
        let Some(accepting) = ACCEPTING.take() else {
            return (polled, None);
        };
        *permit = accepting.permit;
        (polled, accepting.offer)
    }

    /// Runs a handler that was left for this thread. Gives back what waits for it, to be polled again; nothing when another
    /// thread went on with that.
    pub(super) fn run(&self, permit: &Permit, (job, mut future): Offer, rest: Rest) -> Option<Rest> {
        permit.place.begin(&job, Some(rest));
        let polled = {
            let _entered = self.pool.runtime().enter();
            let _thread = HandlerThread::Inline.enter();
            catch_unwind(AssertUnwindSafe(|| {
                future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
            }))
        };
        let (rest, took) = permit.place.end();
        self.slowness.record(job.index, took);
        if rest.is_none() {
            self.stuck.fetch_sub(1, Ordering::SeqCst);
        }
        match polled {
            Ok(Poll::Ready(())) => {}
            // It is polled again there, by a waker that wakes it.
            Ok(Poll::Pending) => self.pool.spawn(job, future),
            Err(panic) => {
                tracing::error!(target: "centrifugo", panic = panic_text(&*panic), "handler panicked when it was dropped");
            }
        }
        rest
    }
}

/// Leaves a short handler to the I/O thread that polls the caller; gives it back where that can't be.
pub(super) fn offer(job: &Arc<Job>, future: BoxFuture<'static, ()>) -> Result<(), BoxFuture<'static, ()>> {
    ACCEPTING.with_borrow_mut(|accepting| {
        let Some(accepting) = accepting else {
            return Err(future);
        };
        if accepting.offer.is_some() || accepting.inline.slowness.is_slow(job.index) {
            return Err(future);
        }
        if accepting.permit.is_none() {
            accepting.permit = accepting.inline.wait_for_permit();
        }
        if accepting.permit.is_none() {
            return Err(future);
        }
        accepting.offer = Some((job.clone(), future));
        Ok(())
    })
}

/// Returns to the I/O thread, which polls the caller again after the handler that was left to it.
pub(super) async fn handler_ran() {
    let mut has_returned = false;
    poll_fn(|_| {
        if std::mem::replace(&mut has_returned, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}
