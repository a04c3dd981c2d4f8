//! A thread that detects what the worker loop cannot see while a handler runs: that the handler never yields, and that
//! RoadRunner has closed the relay.

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::worker_state::{Activity, INVALID_FUNCTION, WorkerState};
use crate::dispatch::Dispatcher;
use crate::logging::print_and_flush;
use crate::metrics::handler_killed;
use crate::roadrunner_metrics;
use crate::time::coarse_now;

/// How long after its deadline an event may end by itself. A handler that yields ends at the deadline by its timer.
const GRACE: Duration = Duration::from_millis(100);

/// How long RoadRunner has to read the last message. It discards unread output when the worker exits.
const READ_TIME: Duration = Duration::from_millis(20);

/// Starts the watchdog thread.
///
/// It wakes once in each period of the shortest handler timeout, so that no event can start and miss its deadline between
/// two checks.
pub(crate) fn start_watchdog(
    state: Arc<WorkerState>,
    dispatcher: Arc<Dispatcher>,
    stream: OwnedFd,
) -> std::io::Result<()> {
    let interval = dispatcher.shortest_timeout().max(Duration::from_millis(10));
    let mut stream = Some(stream);
    std::thread::Builder::new()
        .name("centrifugo-watchdog".into())
        .stack_size(64 * 1024)
        .spawn(move || {
            loop {
                let pause = match state.activity() {
                    Activity::Idle => interval,
                    Activity::Stopping => return,
                    Activity::HandlingUntil(deadline) => {
                        match deadline.saturating_add(GRACE).checked_sub(coarse_now()) {
                            // The current event may end early, and the next one may have an earlier deadline.
                            Some(left) if !left.is_zero() => left.min(interval),
                            _ if state.activity() == Activity::HandlingUntil(deadline) => {
                                exit(&state, &dispatcher, deadline)
                            }
                            _ => continue,
                        }
                    }
                };
                if wait_for_hang_up(stream.as_ref(), pause) {
                    state.notify_disconnected();
                    stream = None;
                }
            }
        })?;
    Ok(())
}

/// Exits the process. RoadRunner then answers the client with an error and starts another worker.
fn exit(state: &WorkerState, dispatcher: &Dispatcher, deadline: Duration) -> ! {
    let handler = match state.route_index() {
        INVALID_FUNCTION => "#[invalid]",
        index => match dispatcher.routes().get(index) {
            Some(route) => {
                let overdue = coarse_now().saturating_sub(deadline);
                let elapsed = dispatcher.timeout(route) + overdue;
                handler_killed(
                    route.kind.name(),
                    route.name,
                    elapsed,
                    route.kind.fails_with_grace(),
                );
                route.name
            }
            None => "unknown",
        },
    };
    let text = format!(
        "centrifugo: handler `{handler}` never yielded within its time limit; exiting, so that RoadRunner answers the client\n"
    );
    print_and_flush(&text);
    roadrunner_metrics::finish_quickly();
    std::thread::sleep(READ_TIME);
    std::process::exit(1)
}

/// Waits until the peer hangs up, or until the timeout. Returns whether the peer has hung up.
fn wait_for_hang_up(stream: Option<&OwnedFd>, timeout: Duration) -> bool {
    let Some(stream) = stream else {
        std::thread::sleep(timeout);
        return false;
    };
    #[cfg(target_os = "linux")]
    let hang_up = PollFlags::HUP | PollFlags::RDHUP;
    #[cfg(not(target_os = "linux"))]
    let hang_up = PollFlags::HUP;
    let mut fds = [PollFd::new(stream, hang_up)];
    match poll(&mut fds, Timespec::try_from(timeout).ok().as_ref()) {
        Ok(count) => count > 0,
        Err(rustix::io::Errno::INTR) => false,
        Err(_) => {
            std::thread::sleep(timeout);
            false
        }
    }
}
