//! The measurements of one contestant.

use std::time::Duration;

use crate::{Round, Spread, percentile};

/// One value for each round.
#[derive(Default)]
pub struct Measurements {
    rates: Vec<f64>,
    /// In µs.
    p50s: Vec<f64>,
    p99s: Vec<f64>,
    /// CPU time per call in µs, for each watched process.
    cpus: Vec<Vec<f64>>,
}

impl Measurements {
    /// Adds a round, and the CPU time that each watched process used during it.
    pub fn push(&mut self, mut round: Round, cpus: &[Duration]) {
        round.latencies.sort_unstable();
        let latencies = [50, 99].map(|percent| percentile(&round.latencies, percent).into());
        self.push_summary(round.elapsed, round.latencies.len() as u64, latencies, cpus);
    }

    /// Adds a round of which only the p50 and p99 latencies are known, in nanoseconds.
    pub fn push_summary(&mut self, elapsed: Duration, calls: u64, latencies: [u64; 2], cpus: &[Duration]) {
        let calls = calls.max(1) as f64;
        let [p50, p99] = latencies.map(|nanos| nanos as f64 / 1e3);
        self.rates.push(calls / elapsed.as_secs_f64());
        self.p50s.push(p50);
        self.p99s.push(p99);
        self.cpus
            .push(cpus.iter().map(|cpu| cpu.as_secs_f64() * 1e6 / calls).collect());
    }

    /// Returns the calls per second.
    pub fn rate(&self) -> Spread {
        Spread::of(self.rates.clone())
    }

    /// Returns the median over all rounds of the p50 latency, in µs.
    pub fn p50(&self) -> f64 {
        Spread::of(self.p50s.clone()).median
    }

    /// Returns the median over all rounds of the p99 latency, in µs.
    pub fn p99(&self) -> f64 {
        Spread::of(self.p99s.clone()).median
    }

    /// Returns the CPU time per call in µs of the watched process index this index.
    pub fn cpu(&self, index: usize) -> Spread {
        Spread::of(
            self.cpus
                .iter()
                .filter_map(|cpus| cpus.get(index).copied())
                .collect(),
        )
    }

    /// Returns the ratio of calls per second to another contestant, round by round.
    pub fn ratio_to(&self, other: &Self) -> Spread {
        Spread::of(
            self.rates
                .iter()
                .zip(&other.rates)
                .map(|(own, other)| own / other)
                .collect(),
        )
    }
}

/// Returns the order of contestants in a round. It rotates, so that a drift of the machine affects all alike.
pub fn round_order(round: usize, contestants: usize) -> impl Iterator<Item = usize> {
    (0..contestants).map(move |turn| (round + turn) % contestants)
}
