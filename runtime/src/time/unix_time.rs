//! Points in time as in Centrifugo's messages.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A point in time in whole Unix seconds, as in Centrifugo's messages.
///
/// A [`SystemTime`] converts into it. An integer does not, because `expires_at(3600)` would mean an hour after
/// 1970-01-01. Use [`from_unix_seconds`](Self::from_unix_seconds) for Unix seconds.
///
/// The latest time is the end of the year 9999, the last year that Go can write as JSON. Later times are reduced to it.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use centrifugo::reply::Time;
///
/// let time = UNIX_EPOCH + Duration::from_millis(2_900);
/// assert_eq!(Time::from(time), Time::from_unix_seconds(2));
/// assert!(Time::after(Duration::MAX) == Time::from_unix_seconds(i64::MAX));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time(i64);

/// The last second of the year 9999.
const MAX: i64 = 253_402_300_799;

impl Time {
    /// Creates a time from seconds since 1970-01-01 00:00:00 UTC.
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(if seconds > MAX { MAX } else { seconds })
    }

    /// Returns the time that is `duration` after now, rounded up to a whole second.
    ///
    /// If it was rounded down, a time half a second from now could be the current second, which has already expired.
    pub fn after(duration: Duration) -> Self {
        let now = SystemTime::now();
        match now.checked_add(duration) {
            None => Self(MAX),
            Some(time) if duration.is_zero() => Self::from(time),
            Some(time) => {
                let is_whole = time
                    .duration_since(UNIX_EPOCH)
                    .is_ok_and(|since| since.subsec_nanos() == 0);
                Self::from_unix_seconds(Self::from(time).0 + i64::from(!is_whole))
            }
        }
    }

    /// Returns the seconds since 1970-01-01 00:00:00 UTC. They are negative for earlier times.
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// Returns whether the time is later than the current second.
    pub(crate) fn is_in_the_future(self) -> bool {
        self > Self::from(SystemTime::now())
    }
}

impl From<SystemTime> for Time {
    /// Rounds down to a whole second.
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => Self::from_unix_seconds(i64::try_from(since.as_secs()).unwrap_or(MAX)),
            Err(error) => {
                let before = error.duration();
                let seconds = i64::try_from(before.as_secs()).unwrap_or(i64::MAX - 1);
                Self(-seconds - i64::from(before.subsec_nanos() > 0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_system_times_down() {
        let seconds = |time| Time::from(time).unix_seconds();
        assert_eq!(seconds(UNIX_EPOCH + Duration::from_millis(1_999)), 1);
        assert_eq!(seconds(UNIX_EPOCH - Duration::from_millis(1)), -1);
        assert_eq!(seconds(UNIX_EPOCH - Duration::from_secs(1)), -1);
    }

    #[test]
    fn rounds_positive_durations_up_to_the_future() {
        assert!(Time::after(Duration::from_nanos(1)).is_in_the_future());
        assert!(!Time::after(Duration::ZERO).is_in_the_future());
        assert!(!Time::from(SystemTime::now()).is_in_the_future());
        assert!(!Time::from_unix_seconds(0).is_in_the_future());
    }

    #[test]
    fn saturates_at_the_end_of_the_year_9999() {
        for time in [
            Time::after(Duration::MAX),
            Time::after(Duration::from_secs(u64::MAX / 4)),
            Time::from_unix_seconds(i64::MAX),
            Time::from(UNIX_EPOCH + Duration::from_secs(MAX as u64 + 1)),
        ] {
            assert_eq!(time.unix_seconds(), MAX);
        }
    }
}
