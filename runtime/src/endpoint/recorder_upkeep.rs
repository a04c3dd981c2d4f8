//! When the recorder moves values of histograms out of its queues.

use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use rustix::time::{ClockId, clock_gettime};
use tokio::time::Instant;

/// How much CPU time the process uses between two upkeeps. The queues are then short enough to stay in the caches of the CPU.
const CPU_TIME: Duration = Duration::from_millis(20);
/// How many times as long as the CPU time of an upkeep the next interval is at least, because there may be thousands of histograms.
const MIN_PAUSE: u32 = 100;
const MIN_INTERVAL: Duration = Duration::from_millis(5);
/// The interval of an idle process, which may be busy in the next moment.
const IDLE_INTERVAL: Duration = Duration::from_millis(100);
const MAX_INTERVAL: Duration = Duration::from_secs(1);

/// Moves values of histograms from their queues into their buckets: often while the process is busy, less often while it is idle.
pub(super) struct RecorderUpkeep {
    recorder: PrometheusHandle,
    /// The end of the last upkeep, and the CPU time of the process until then.
    ended: Instant,
    used: Duration,
}

impl RecorderUpkeep {
    /// Creates the upkeep with the time of the first one.
    pub(super) fn new(recorder: PrometheusHandle) -> (Self, Instant) {
        let ended = Instant::now();
        let upkeep = Self {
            recorder,
            ended,
            used: cpu_time(ClockId::ProcessCPUTime),
        };
        (upkeep, ended + MIN_INTERVAL)
    }

    /// Moves all values. Returns the time of the next upkeep.
    pub(super) fn run(&mut self) -> Instant {
        // A busy machine does not lengthen the CPU time.
        let started = cpu_time(ClockId::ThreadCPUTime);
        self.recorder.run_upkeep();
        let upkeep = cpu_time(ClockId::ThreadCPUTime).saturating_sub(started);
        let (now, used) = (Instant::now(), cpu_time(ClockId::ProcessCPUTime));
        let next = now + interval(now - self.ended, used.saturating_sub(self.used), upkeep);
        (self.ended, self.used) = (now, used);
        next
    }
}

/// Returns the time until the next upkeep, by the time since the last one, the CPU time that the process used in it, and the CPU
/// time of this one.
fn interval(elapsed: Duration, used: Duration, upkeep: Duration) -> Duration {
    let until_used = CPU_TIME.as_secs_f64() * elapsed.as_secs_f64() / used.as_secs_f64();
    Duration::try_from_secs_f64(until_used)
        .unwrap_or(IDLE_INTERVAL)
        .clamp(MIN_INTERVAL, IDLE_INTERVAL)
        .max(upkeep * MIN_PAUSE)
        .min(MAX_INTERVAL)
}

fn cpu_time(clock: ClockId) -> Duration {
    Duration::try_from(clock_gettime(clock)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_frequent_while_the_process_is_busy() {
        let millis = Duration::from_millis;
        let short = Duration::from_micros(50);
        for (elapsed, used, upkeep, expected) in [
            // One busy CPU, two, and sixty-four.
            (millis(20), millis(20), short, millis(20)),
            (millis(20), millis(40), short, millis(10)),
            (millis(20), millis(1280), short, MIN_INTERVAL),
            // A quarter of a CPU, and an idle process.
            (millis(20), millis(5), short, millis(80)),
            (millis(100), millis(1), short, IDLE_INTERVAL),
            (millis(100), Duration::ZERO, short, IDLE_INTERVAL),
            (Duration::ZERO, Duration::ZERO, short, IDLE_INTERVAL),
            // Thousands of histograms.
            (millis(20), millis(20), millis(3), millis(300)),
            (millis(20), millis(20), millis(30), MAX_INTERVAL),
        ] {
            assert_eq!(interval(elapsed, used, upkeep), expected);
        }
    }
}
