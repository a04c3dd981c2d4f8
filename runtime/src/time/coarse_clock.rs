//! A clock that is cheap to read.

use std::time::Duration;

/// The maximum delay of [`coarse_now`], on a kernel with 100 ticks per second.
pub(crate) const COARSE: Duration = Duration::from_millis(10);

/// Returns the monotonic time, exact to [`COARSE`].
///
/// The clock is read for every event. Reading it costs a quarter of reading the exact clock.
pub(crate) fn coarse_now() -> Duration {
    #[cfg(target_os = "linux")]
    let clock = rustix::time::ClockId::MonotonicCoarse;
    #[cfg(not(target_os = "linux"))]
    let clock = rustix::time::ClockId::Monotonic;
    Duration::try_from(rustix::time::clock_gettime(clock)).unwrap_or_default()
}
