//! How long an event took.

use std::cell::OnceCell;
use std::fmt;
use std::time::{Duration, Instant};

/// The time from the start of an event to its end. The end is the first time that a metric or a subscriber asks for the duration,
/// so that the clock is not read if none does.
pub(super) struct EventDuration {
    /// `None` if nothing can ask.
    started: Option<Instant>,
    duration: OnceCell<Duration>,
}

impl EventDuration {
    pub(super) fn since(started: Option<Instant>) -> Self {
        Self {
            started,
            duration: OnceCell::new(),
        }
    }

    pub(super) fn get(&self) -> Duration {
        *self
            .duration
            .get_or_init(|| self.started.map_or(Duration::ZERO, |started| started.elapsed()))
    }
}

impl fmt::Debug for EventDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_when_the_first_one_asks() {
        let pause = Duration::from_millis(2);
        let duration = EventDuration::since(Some(Instant::now()));
        std::thread::sleep(pause);
        let first = duration.get();
        assert!(first >= pause);
        std::thread::sleep(pause);
        assert_eq!(duration.get(), first);
        assert_eq!(format!("{duration:?}"), format!("{first:?}"));
    }
}
