//! Keeps the rest of the runtime awake while a handler holds up a thread, and sees which one it is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;

use super::batches::Batches;
use super::trust::Trust;

/// How long sockets and timers may go unwatched.
pub(super) const TICK: Duration = Duration::from_millis(50);

/// While there are active events, gives the runtime a task now and then, until `active` is gone.
///
/// Of tokio's threads one waits for sockets and timers. When it goes on to a task, none of the parked others takes its place
/// until a task comes that it could run: with a handler that does not yield, and nothing else to do, no time limit would end
/// and no connection would be read. The task wakes another thread, which waits in its place, after it has begun the calls that
/// were read together with the one that does not yield.
pub(super) fn keep_awake(active: &Arc<AtomicUsize>, trust: &Arc<Trust>, batches: &Batches) {
    // Without a runtime there is nothing to wake; the first event would say so.
    let Ok(runtime) = Handle::try_current() else {
        return;
    };
    let (active, trust, batches) = (Arc::downgrade(active), Arc::downgrade(trust), batches.clone());
    let watch = thread::Builder::new().name("centrifugo-awake".into());
    if let Err(error) = watch.spawn(move || tick(&active, &trust, &batches, &runtime)) {
        tracing::warn!(target: "centrifugo", %error, "no thread watches for handlers that do not yield");
    }
}

fn tick(active: &Weak<AtomicUsize>, trust: &Weak<Trust>, batches: &Batches, runtime: &Handle) {
    while let (Some(active), Some(trust)) = (active.upgrade(), trust.upgrade()) {
        if active.load(Ordering::Relaxed) > 0 {
            runtime.spawn(batches.batch());
            trust.tick();
        }
        drop((active, trust));
        thread::sleep(TICK);
    }
}
