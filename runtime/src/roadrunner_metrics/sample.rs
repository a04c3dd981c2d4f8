//! A number that is reported for a time series.
//!
//! RoadRunner's plugin takes one value of a histogram in each call, which is too much for thousands of events per second. A
//! histogram is therefore reported as the counters that Prometheus makes of it: `_bucket`, `_sum` and `_count`. One call adds all
//! values since the last report, and queries such as `histogram_quantile` work on them.

use std::sync::Arc;

use super::instruments::{CounterValue, GaugeValue, HistogramValue};

/// A number, and what RoadRunner knows of it.
pub(super) struct Sample {
    /// The index of its metric in the reporter's families.
    pub(super) family: usize,
    pub(super) labels: Vec<String>,
    source: Source,
    /// The last value that RoadRunner has confirmed.
    confirmed: Option<Reading>,
}

pub(super) enum Source {
    Counter(Arc<CounterValue>),
    Gauge(Arc<GaugeValue>),
    /// The number of values up to the bound with this index.
    Bucket(Arc<HistogramValue>, usize),
    Count(Arc<HistogramValue>),
    Sum(Arc<HistogramValue>),
}

/// The value of a sample at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reading {
    value: f64,
    /// How often a gauge was set.
    sets: u64,
}

/// A call of the plugin that brings its value up to date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Change {
    pub(super) method: &'static str,
    pub(super) value: f64,
    /// What RoadRunner knows after the call.
    pub(super) reading: Reading,
}

const ADD: &str = "metrics.Add";
const SET: &str = "metrics.Set";

impl Sample {
    pub(super) fn new(family: usize, labels: Vec<String>, source: Source) -> Self {
        Self {
            family,
            labels,
            source,
            confirmed: None,
        }
    }

    fn read(&self) -> Reading {
        let (value, sets) = match &self.source {
            Source::Counter(counter) => (counter.get() as f64, 0),
            Source::Gauge(gauge) => {
                // Read first: a value that is set later makes another change.
                let sets = gauge.sets();
                (gauge.get(), sets)
            }
            Source::Bucket(histogram, index) => (histogram.count_up_to(*index) as f64, 0),
            Source::Count(histogram) => (histogram.count() as f64, 0),
            Source::Sum(histogram) => (histogram.sum(), 0),
        };
        Reading { value, sets }
    }

    /// Returns the call that reports the current value, or `None` if RoadRunner knows it.
    ///
    /// A gauge that is incremented and decremented is reported as a difference, so that the values of all workers add up. At the
    /// end of the worker, its part is taken back. A gauge that is set is reported as it is: the last value of any worker stays.
    pub(super) fn change(&self, is_final: bool) -> Option<Change> {
        let mut reading = self.read();
        if matches!(self.source, Source::Gauge(_)) {
            if reading.sets > 0 {
                return (self.confirmed != Some(reading)).then_some(Change {
                    method: SET,
                    value: reading.value,
                    reading,
                });
            }
            if is_final {
                reading.value = 0.0;
            }
        }
        let confirmed = self.confirmed.map_or(0.0, |confirmed| confirmed.value);
        if self.confirmed.is_some() && confirmed.to_bits() == reading.value.to_bits() {
            return None;
        }
        let value = reading.value - confirmed;
        // The plugin panics if a counter would decrease, as the sum of a histogram with negative values does.
        let is_monotonic = !matches!(self.source, Source::Gauge(_));
        (!is_monotonic || value >= 0.0).then_some(Change {
            method: ADD,
            value,
            reading,
        })
    }

    /// Returns whether RoadRunner has confirmed a value of a gauge, which the final report therefore has to take back.
    pub(super) fn is_reported_gauge(&self) -> bool {
        matches!(self.source, Source::Gauge(_)) && self.confirmed.is_some()
    }

    /// Records that RoadRunner has carried out the change.
    pub(super) fn confirm(&mut self, reading: Reading) {
        self.confirmed = Some(reading);
    }
}

#[cfg(test)]
mod tests {
    use metrics::{CounterFn as _, GaugeFn as _, HistogramFn as _};

    use super::*;

    fn report(sample: &mut Sample, is_final: bool) -> Option<(&'static str, f64)> {
        let change = sample.change(is_final)?;
        sample.confirm(change.reading);
        Some((change.method, change.value))
    }

    #[test]
    fn reports_what_was_added_since_the_last_confirmed_report() {
        let counter: Arc<CounterValue> = Arc::default();
        let mut sample = Sample::new(0, Vec::new(), Source::Counter(counter.clone()));
        assert_eq!(report(&mut sample, false), Some((ADD, 0.0)));
        assert_eq!(report(&mut sample, false), None);
        counter.increment(3);
        assert_eq!(sample.change(false).map(|change| change.value), Some(3.0));
        // That change was not confirmed.
        counter.increment(2);
        assert_eq!(report(&mut sample, false), Some((ADD, 5.0)));
        assert_eq!(report(&mut sample, true), None);
    }

    #[test]
    fn takes_back_the_part_of_a_gauge_at_the_end() {
        let gauge: Arc<GaugeValue> = Arc::default();
        let mut sample = Sample::new(0, Vec::new(), Source::Gauge(gauge.clone()));
        gauge.increment(2.0);
        assert_eq!(report(&mut sample, false), Some((ADD, 2.0)));
        gauge.decrement(1.0);
        assert_eq!(report(&mut sample, false), Some((ADD, -1.0)));
        assert_eq!(report(&mut sample, true), Some((ADD, -1.0)));
        assert_eq!(report(&mut sample, true), None);
    }

    #[test]
    fn reports_each_time_that_a_gauge_is_set() {
        let gauge: Arc<GaugeValue> = Arc::default();
        let mut sample = Sample::new(0, Vec::new(), Source::Gauge(gauge.clone()));
        gauge.set(7.0);
        assert_eq!(report(&mut sample, false), Some((SET, 7.0)));
        assert_eq!(report(&mut sample, true), None);
        // Another worker may have set it meanwhile.
        gauge.set(7.0);
        assert_eq!(report(&mut sample, false), Some((SET, 7.0)));
    }

    #[test]
    fn never_takes_anything_from_a_counter() {
        let histogram = Arc::new(HistogramValue::new(&[1.0]));
        let mut sum = Sample::new(0, Vec::new(), Source::Sum(histogram.clone()));
        let mut bucket = Sample::new(0, Vec::new(), Source::Bucket(histogram.clone(), 0));
        histogram.record(2.0);
        assert_eq!(report(&mut sum, false), Some((ADD, 2.0)));
        assert_eq!(report(&mut bucket, false), Some((ADD, 0.0)));
        histogram.record(-1.0);
        assert_eq!(report(&mut sum, false), None);
        assert_eq!(report(&mut bucket, false), Some((ADD, 1.0)));
    }
}
