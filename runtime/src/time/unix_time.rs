//! Moments as Centrifugo has them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment in whole Unix seconds, as Centrifugo has it. [`SystemTime`] and integers turn into it.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use centrifugo::reply::Time;
///
/// assert_eq!(Time::from(UNIX_EPOCH + Duration::from_millis(2_900)), Time::from(2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(i64);

impl Time {
    /// The moment that is this long from now.
    pub fn after(duration: Duration) -> Self {
        SystemTime::now()
            .checked_add(duration)
            .map_or(Self(i64::MAX), Self::from)
    }

    /// Unix seconds.
    pub fn unix_seconds(self) -> i64 {
        self.0
    }
}

impl From<SystemTime> for Time {
    fn from(time: SystemTime) -> Self {
        Self(match time.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            Err(error) => i64::try_from(error.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds),
        })
    }
}

impl From<i64> for Time {
    fn from(seconds: i64) -> Self {
        Self(seconds)
    }
}
