//! What each thread that runs handlers does right now, for the watchdog to see.

use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::Thread;
use std::time::{Duration, Instant};

use futures_core::future::BoxFuture;

use super::job::{Job, Phase};

/// What has run for so long without a pause keeps others waiting.
const STUCK: Duration = Duration::from_millis(10);

/// The I/O that waits behind a handler which runs on an I/O thread: the watchdog lets another thread go on with it when the
/// handler blocks.
pub(super) enum Rest {
    /// A call of an HTTP/2 connection.
    Call(BoxFuture<'static, ()>),
    /// An HTTP/1 connection.
    Connection(BoxFuture<'static, ()>),
}

/// What one thread does.
#[derive(Default)]
pub(super) struct Place {
    /// Whether it may run a handler any time.
    is_active: AtomicBool,
    /// Whether the thread belongs to I/O.
    is_inline: bool,
    work: Mutex<Option<Work>>,
}

struct Work {
    job: Arc<Job>,
    begun: Instant,
    rest: Option<Rest>,
    is_reported: bool,
}

/// What the watchdog sees of a place.
#[derive(Default)]
pub(super) struct Look {
    pub(super) is_stuck: bool,
    pub(super) rest: Option<Rest>,
    /// A handler past its limit, and for how long it has run.
    pub(super) late: Option<(Arc<Job>, Duration)>,
}

impl Place {
    fn work(&self) -> MutexGuard<'_, Option<Work>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_inline(&self) -> bool {
        self.is_inline
    }

    /// A handler begins on this thread.
    pub(super) fn begin(&self, job: &Arc<Job>, rest: Option<Rest>) -> Instant {
        job.set_phase(Phase::Running);
        let begun = Instant::now();
        *self.work() = Some(Work {
            job: job.clone(),
            begun,
            rest,
            is_reported: false,
        });
        begun
    }

    /// It has ended, or waits. Gives what was behind it, unless the watchdog took that, and how long it ran.
    pub(super) fn end(&self) -> (Option<Rest>, Duration) {
        let Some(work) = self.work().take() else {
            return (None, Duration::ZERO);
        };
        work.job.set_phase(Phase::Waiting);
        let now = Instant::now();
        let ran = now - work.begun;
        // What runs after the limit for a moment, such as the drop of its future, blocks nobody.
        let is_late = !work.is_reported && ran >= STUCK && now > work.job.poll_deadline(work.begun);
        if is_late {
            work.job.log_blocked(ran);
        }
        if is_late || work.is_reported {
            work.job.log_blocked_end(ran);
        }
        (work.rest, ran)
    }

    /// Looks whether a handler keeps others waiting, or is past its limit; takes what waits behind it then.
    pub(super) fn look(&self, now: Instant) -> Look {
        let mut work = self.work();
        let Some(work) = &mut *work else {
            return Look::default();
        };
        let ran = now.saturating_duration_since(work.begun);
        if ran < STUCK {
            return Look::default();
        }
        let is_late = !work.is_reported && now >= work.job.poll_deadline(work.begun);
        work.is_reported |= is_late;
        Look {
            is_stuck: true,
            rest: work.rest.take(),
            late: is_late.then(|| (work.job.clone(), ran)),
        }
    }
}

/// All places, and the watchdog that looks at them.
#[derive(Default)]
pub(super) struct Places {
    all: Mutex<Vec<Arc<Place>>>,
    watchdog: OnceLock<Thread>,
    is_asleep: AtomicBool,
}

impl Places {
    fn all(&self) -> MutexGuard<'_, Vec<Arc<Place>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, is_inline: bool) -> Arc<Place> {
        let place = Arc::new(Place {
            is_inline,
            ..Place::default()
        });
        self.all().push(place.clone());
        place
    }

    pub(super) fn remove(&self, place: &Arc<Place>) {
        self.all().retain(|other| !Arc::ptr_eq(other, place));
    }

    pub(super) fn list(&self) -> Vec<Arc<Place>> {
        self.all().clone()
    }

    /// Handlers may begin at this place: the watchdog has to look.
    pub(super) fn activate(&self, place: &Place) {
        place.is_active.store(true, Ordering::SeqCst);
        // Either this sees that the watchdog sleeps, or the watchdog sees the place.
        fence(Ordering::SeqCst);
        if self.is_asleep.load(Ordering::SeqCst)
            && self.is_asleep.swap(false, Ordering::SeqCst)
            && let Some(watchdog) = self.watchdog.get()
        {
            watchdog.unpark();
        }
    }

    pub(super) fn deactivate(&self, place: &Place) {
        place.is_active.store(false, Ordering::SeqCst);
    }

    /// How many threads run a handler right now.
    pub(super) fn running(&self) -> usize {
        self.all().iter().filter(|place| place.work().is_some()).count()
    }

    pub(super) fn has_active(&self) -> bool {
        self.all()
            .iter()
            .any(|place| place.is_active.load(Ordering::SeqCst))
    }

    /// Lets the watchdog, whose thread calls this, sleep until a place becomes active, or for `limit`.
    pub(super) fn sleep(&self, limit: Duration) {
        self.watchdog.get_or_init(std::thread::current);
        self.is_asleep.store(true, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        if !self.has_active() {
            std::thread::park_timeout(limit);
        }
        self.is_asleep.store(false, Ordering::SeqCst);
    }
}
