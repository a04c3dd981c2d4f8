//! The recorder that the worker installs. It keeps one value for each time series.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, SharedString, Unit};

use super::instruments::{CounterValue, GaugeValue, HistogramValue};
use crate::metrics::{DURATION_SUFFIX, HISTOGRAMS, OWN_DURATIONS};

/// The recorder. Clones share the series.
#[derive(Clone, Default)]
pub(super) struct WorkerRecorder(Arc<Mutex<Registry>>);

#[derive(Default)]
struct Registry {
    counters: HashMap<Key, Arc<CounterValue>>,
    gauges: HashMap<Key, Arc<GaugeValue>>,
    histograms: HashMap<Key, Arc<HistogramValue>>,
    descriptions: HashMap<String, SharedString>,
    /// The series that the reporter has not taken yet.
    added: Vec<Series>,
}

/// A time series.
pub(super) struct Series {
    pub(super) key: Key,
    pub(super) value: SeriesValue,
}

pub(super) enum SeriesValue {
    Counter(Arc<CounterValue>),
    Gauge(Arc<GaugeValue>),
    Histogram(Arc<HistogramValue>),
}

impl WorkerRecorder {
    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the series that were added since the last call.
    pub(super) fn take_added(&self) -> Vec<Series> {
        std::mem::take(&mut self.registry().added)
    }

    /// Returns the description of a metric, or an empty text.
    pub(super) fn description(&self, name: &str) -> SharedString {
        self.registry()
            .descriptions
            .get(name)
            .cloned()
            .unwrap_or_default()
    }

    fn describe(&self, name: &KeyName, description: SharedString) {
        let name = name.as_str().to_owned();
        self.registry().descriptions.insert(name, description);
    }
}

impl Registry {
    fn add(&mut self, key: &Key, value: SeriesValue) {
        self.added.push(Series {
            key: key.clone(),
            value,
        });
    }
}

/// Returns the bounds of a histogram's buckets. Without buckets, only the sum and the number of values are reported.
fn bounds(name: &str) -> &'static [f64] {
    match HISTOGRAMS.iter().find(|(known, _)| *known == name) {
        Some((_, bounds)) => bounds,
        None if name.ends_with(DURATION_SUFFIX) => OWN_DURATIONS,
        None => &[],
    }
}

impl metrics::Recorder for WorkerRecorder {
    fn describe_counter(&self, name: KeyName, _: Option<Unit>, description: SharedString) {
        self.describe(&name, description);
    }

    fn describe_gauge(&self, name: KeyName, _: Option<Unit>, description: SharedString) {
        self.describe(&name, description);
    }

    fn describe_histogram(&self, name: KeyName, _: Option<Unit>, description: SharedString) {
        self.describe(&name, description);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let mut registry = self.registry();
        if let Some(value) = registry.counters.get(key) {
            return Counter::from_arc(value.clone());
        }
        let value: Arc<CounterValue> = Arc::default();
        registry.counters.insert(key.clone(), value.clone());
        registry.add(key, SeriesValue::Counter(value.clone()));
        Counter::from_arc(value)
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        let mut registry = self.registry();
        if let Some(value) = registry.gauges.get(key) {
            return Gauge::from_arc(value.clone());
        }
        let value: Arc<GaugeValue> = Arc::default();
        registry.gauges.insert(key.clone(), value.clone());
        registry.add(key, SeriesValue::Gauge(value.clone()));
        Gauge::from_arc(value)
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        let mut registry = self.registry();
        if let Some(value) = registry.histograms.get(key) {
            return Histogram::from_arc(value.clone());
        }
        let value = Arc::new(HistogramValue::new(bounds(key.name())));
        registry.histograms.insert(key.clone(), value.clone());
        registry.add(key, SeriesValue::Histogram(value.clone()));
        Histogram::from_arc(value)
    }
}
