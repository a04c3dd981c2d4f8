//! What rounds with one contestant gave.

use std::time::Duration;

use crate::{Round, Spread, percentile};

/// A number for each round.
#[derive(Default)]
pub struct Measured {
    rates: Vec<f64>,
    /// µs.
    p50s: Vec<f64>,
    p99s: Vec<f64>,
    /// µs per call, of each process that was watched.
    cpus: Vec<Vec<f64>>,
}

impl Measured {
    /// A round, and the CPU time that processes took meanwhile.
    pub fn push(&mut self, mut round: Round, cpus: &[Duration]) {
        round.latencies.sort_unstable();
        let latencies = [50, 99].map(|percent| percentile(&round.latencies, percent).into());
        self.push_summary(round.elapsed, round.latencies.len() as u64, latencies, cpus);
    }

    /// The same where the latencies, p50 and p99 in nanoseconds, are all that is known.
    pub fn push_summary(&mut self, elapsed: Duration, calls: u64, latencies: [u64; 2], cpus: &[Duration]) {
        let calls = calls.max(1) as f64;
        let [p50, p99] = latencies.map(|nanos| nanos as f64 / 1e3);
        self.rates.push(calls / elapsed.as_secs_f64());
        self.p50s.push(p50);
        self.p99s.push(p99);
        self.cpus
            .push(cpus.iter().map(|cpu| cpu.as_secs_f64() * 1e6 / calls).collect());
    }

    /// Calls a second.
    pub fn rate(&self) -> Spread {
        Spread::of(self.rates.clone())
    }

    /// µs that half of the calls took at most, in the middle round.
    pub fn p50(&self) -> f64 {
        Spread::of(self.p50s.clone()).median
    }

    /// µs that all but one in a hundred took at most, in the middle round.
    pub fn p99(&self) -> f64 {
        Spread::of(self.p99s.clone()).median
    }

    /// µs of CPU per call, of the process at this place.
    pub fn cpu(&self, at: usize) -> Spread {
        Spread::of(
            self.cpus
                .iter()
                .filter_map(|cpus| cpus.get(at).copied())
                .collect(),
        )
    }

    /// How many times as many calls as that one, in rounds side by side.
    pub fn beside(&self, other: &Self) -> Spread {
        Spread::of(
            self.rates
                .iter()
                .zip(&other.rates)
                .map(|(own, other)| own / other)
                .collect(),
        )
    }
}

/// The order of so many contestants in a round: who is first changes, so that a drift of the machine hits all alike.
pub fn turns(round: usize, contestants: usize) -> impl Iterator<Item = usize> {
    (0..contestants).map(move |turn| (round + turn) % contestants)
}
