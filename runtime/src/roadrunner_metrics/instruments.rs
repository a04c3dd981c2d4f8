//! The values behind the handles of metrics. Handlers write them, and the reporter reads them.

use std::sync::atomic::{AtomicU64, Ordering};

use metrics::{CounterFn, GaugeFn, HistogramFn};

/// The value of a counter.
#[derive(Default)]
pub(super) struct CounterValue(AtomicU64);

impl CounterValue {
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl CounterFn for CounterValue {
    fn increment(&self, value: u64) {
        self.0.fetch_add(value, Ordering::Relaxed);
    }

    fn absolute(&self, value: u64) {
        self.0.fetch_max(value, Ordering::Relaxed);
    }
}

/// A float that several threads add to.
#[derive(Default)]
struct AtomicF64(AtomicU64);

impl AtomicF64 {
    fn get(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }

    fn set(&self, value: f64) {
        self.0.store(value.to_bits(), Ordering::Relaxed);
    }

    fn add(&self, value: f64) {
        let add = |bits| Some((f64::from_bits(bits) + value).to_bits());
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }
}

/// The value of a gauge.
#[derive(Default)]
pub(super) struct GaugeValue {
    value: AtomicF64,
    /// How often the gauge was set, rather than incremented or decremented.
    sets: AtomicU64,
}

impl GaugeValue {
    pub(super) fn get(&self) -> f64 {
        self.value.get()
    }

    pub(super) fn sets(&self) -> u64 {
        self.sets.load(Ordering::Acquire)
    }
}

impl GaugeFn for GaugeValue {
    fn increment(&self, value: f64) {
        self.value.add(value);
    }

    fn decrement(&self, value: f64) {
        self.value.add(-value);
    }

    fn set(&self, value: f64) {
        self.value.set(value);
        self.sets.fetch_add(1, Ordering::Release);
    }
}

/// The values of a histogram.
pub(super) struct HistogramValue {
    bounds: &'static [f64],
    /// The number of values in each bucket. The last one counts the values above all bounds.
    counts: Box<[AtomicU64]>,
    sum: AtomicF64,
}

impl HistogramValue {
    pub(super) fn new(bounds: &'static [f64]) -> Self {
        Self {
            bounds,
            counts: (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect(),
            sum: AtomicF64::default(),
        }
    }

    pub(super) fn bounds(&self) -> &'static [f64] {
        self.bounds
    }

    /// Returns the number of values up to the bound with this index. The index after the last bound stands for infinity.
    pub(super) fn count_up_to(&self, index: usize) -> u64 {
        let counts = self.counts.iter().take(index + 1);
        counts.map(|count| count.load(Ordering::Relaxed)).sum()
    }

    pub(super) fn count(&self) -> u64 {
        self.count_up_to(self.bounds.len())
    }

    pub(super) fn sum(&self) -> f64 {
        self.sum.get()
    }
}

impl HistogramFn for HistogramValue {
    fn record(&self, value: f64) {
        if !value.is_finite() {
            return;
        }
        let index = self.bounds.partition_point(|bound| *bound < value);
        if let Some(count) = self.counts.get(index) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.sum.add(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_a_value_in_the_bucket_whose_bound_it_does_not_exceed() {
        let histogram = HistogramValue::new(&[1.0, 2.0]);
        for value in [0.5, 1.0, 1.5, 2.0, 3.0, f64::NAN, f64::INFINITY] {
            histogram.record(value);
        }
        let counts = [0, 1, 2].map(|index| histogram.count_up_to(index));
        assert_eq!(counts, [2, 4, 5]);
        assert_eq!((histogram.count(), histogram.sum()), (5, 8.0));
    }
}
