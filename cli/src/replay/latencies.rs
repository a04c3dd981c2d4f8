//! How long calls took.

use std::time::Duration;

/// The number of buckets for durations between two powers of two, so that percentiles are at most 3 % too long.
const BUCKETS_PER_POWER: u64 = 32;
const BUCKETS: usize = 64 * BUCKETS_PER_POWER as usize;

/// Counts durations, in memory that does not grow.
#[derive(Clone, Debug)]
pub struct Latencies {
    buckets: Vec<u64>,
    count: u64,
    longest: Duration,
}

impl Default for Latencies {
    fn default() -> Self {
        Self {
            buckets: vec![0; BUCKETS],
            count: 0,
            longest: Duration::ZERO,
        }
    }
}

impl Latencies {
    /// Adds a duration.
    pub fn add(&mut self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        if let Some(bucket) = self.buckets.get_mut(bucket(micros)) {
            *bucket += 1;
        }
        self.count += 1;
        self.longest = self.longest.max(duration);
    }

    /// Returns the number of durations.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns the longest duration.
    pub fn longest(&self) -> Duration {
        self.longest
    }

    /// Returns the duration that this share of all calls did not exceed, such as 0.99.
    pub fn percentile(&self, share: f64) -> Duration {
        let rank = (share * self.count as f64).ceil() as u64;
        let mut seen = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= rank.max(1) {
                return Duration::from_micros(upper_end(index as u64)).min(self.longest);
            }
        }
        self.longest
    }
}

fn bucket(micros: u64) -> usize {
    if micros < BUCKETS_PER_POWER {
        return micros as usize;
    }
    let power = micros.ilog2() - BUCKETS_PER_POWER.ilog2();
    let index = u64::from(power) * BUCKETS_PER_POWER + (micros >> power);
    index as usize
}

/// Returns the longest duration of a bucket, in microseconds.
fn upper_end(bucket: u64) -> u64 {
    if bucket < 2 * BUCKETS_PER_POWER {
        return bucket;
    }
    let power = bucket / BUCKETS_PER_POWER - 1;
    let start = bucket - power * BUCKETS_PER_POWER;
    (start << power) + ((1 << power) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_close_and_never_too_short() {
        let mut latencies = Latencies::default();
        for micros in 1..=100_000 {
            latencies.add(Duration::from_micros(micros));
        }
        for share in [0.5, 0.9, 0.99, 0.999, 1.0] {
            let exact = share * 100_000.0;
            let found = latencies.percentile(share).as_micros() as f64;
            assert!(found >= exact && found <= exact * 1.04, "{share}: {found}");
        }
        assert_eq!(latencies.count(), 100_000);
        assert_eq!(latencies.longest(), Duration::from_millis(100));
    }

    #[test]
    fn takes_any_duration() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.percentile(0.5), Duration::ZERO);
        for duration in [Duration::ZERO, Duration::from_secs(1 << 40), Duration::MAX] {
            latencies.add(duration);
        }
        assert_eq!(latencies.percentile(1.0), Duration::from_micros(u64::MAX));
        assert_eq!(latencies.percentile(0.1), Duration::ZERO);
    }
}
