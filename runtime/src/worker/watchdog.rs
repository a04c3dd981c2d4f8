//! Sees what the worker loop can't while a handler runs: that the handler never yields, and that RoadRunner is gone.

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::control::{Activity, Control, INVALID};
use crate::dispatch::Dispatcher;
use crate::logging::print_last;
use crate::time::coarse_now;

/// A handler that yields is answered at its limit by the timer; only one that does not is still there after this.
const GRACE: Duration = Duration::from_millis(100);

/// How long RoadRunner has to read the last words: what it has not read when the worker ends, it throws away.
const READING: Duration = Duration::from_millis(20);

/// Starts the thread. It wakes once per shortest limit: no event that begins after a look can be late before the next.
pub(crate) fn watch_limits(
    control: Arc<Control>,
    dispatcher: Arc<Dispatcher>,
    stream: OwnedFd,
) -> std::io::Result<()> {
    let idle = dispatcher.shortest_limit().max(Duration::from_millis(10));
    let mut stream = Some(stream);
    std::thread::Builder::new()
        .name("centrifugo-watchdog".into())
        .stack_size(64 * 1024)
        .spawn(move || {
            loop {
                let pause = match control.activity() {
                    Activity::Idle => idle,
                    Activity::Stopping => return,
                    Activity::Until(deadline) => match deadline
                        .saturating_add(GRACE)
                        .checked_sub(coarse_now())
                    {
                        // The event in hand may be over soon, and the next may have less time.
                        Some(left) if !left.is_zero() => left.min(idle),
                        _ if control.activity() == Activity::Until(deadline) => end(&control, &dispatcher),
                        _ => continue,
                    },
                };
                if wait(stream.as_ref(), pause) {
                    control.set_gone();
                    stream = None;
                }
            }
        })?;
    Ok(())
}

/// Ends the process: its client gets an error at once, and RoadRunner starts another worker.
fn end(control: &Control, dispatcher: &Dispatcher) -> ! {
    let handler = match control.route() {
        INVALID => "#[invalid]",
        index => dispatcher
            .routes()
            .get(index)
            .map_or("unknown", |route| route.name),
    };
    let text = format!(
        "centrifugo: handler `{handler}` never yielded within its time limit: the worker ends, so that its client gets an answer\n"
    );
    print_last(&text);
    std::thread::sleep(READING);
    std::process::exit(1)
}

/// Waits so long; `true` when the stream was hung up meanwhile.
fn wait(stream: Option<&OwnedFd>, pause: Duration) -> bool {
    let Some(stream) = stream else {
        std::thread::sleep(pause);
        return false;
    };
    #[cfg(target_os = "linux")]
    let hang_up = PollFlags::HUP | PollFlags::RDHUP;
    #[cfg(not(target_os = "linux"))]
    let hang_up = PollFlags::HUP;
    let mut fds = [PollFd::new(stream, hang_up)];
    match poll(&mut fds, Timespec::try_from(pause).ok().as_ref()) {
        Ok(count) => count > 0,
        Err(rustix::io::Errno::INTR) => false,
        Err(_) => {
            std::thread::sleep(pause);
            false
        }
    }
}
