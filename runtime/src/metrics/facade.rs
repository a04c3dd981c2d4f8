//! Handles to metrics of the recorder that the program has installed.

use std::time::Instant;

use ::metrics::{IntoF64, Key, Label, Level, Metadata, with_recorder};

/// A label: its key and its value.
pub(super) type LabelPair = (&'static str, &'static str);

const METADATA: Metadata<'static> = Metadata::new("centrifugo", Level::INFO, Some("centrifugo"));

fn key(name: &'static str, labels: &[LabelPair]) -> Key {
    let labels: Vec<Label> = labels
        .iter()
        .map(|(key, value)| Label::from_static_parts(key, value))
        .collect();
    Key::from_parts(name, labels)
}

/// A handle to a counter.
#[derive(Clone)]
pub(super) struct Counter(::metrics::Counter);

impl Counter {
    pub(super) fn new(name: &'static str, labels: &[LabelPair]) -> Self {
        Self(with_recorder(|recorder| {
            recorder.register_counter(&key(name, labels), &METADATA)
        }))
    }

    pub(super) fn increment(&self) {
        self.0.increment(1);
    }
}

/// A handle to a gauge.
#[derive(Clone)]
pub(super) struct Gauge(::metrics::Gauge);

impl Gauge {
    pub(super) fn new(name: &'static str, labels: &[LabelPair]) -> Self {
        Self(with_recorder(|recorder| {
            recorder.register_gauge(&key(name, labels), &METADATA)
        }))
    }

    pub(super) fn increment(&self) {
        self.0.increment(1.0);
    }

    pub(super) fn decrement(&self) {
        self.0.decrement(1.0);
    }

    pub(super) fn set(&self, value: f64) {
        self.0.set(value);
    }
}

/// A handle to a histogram.
#[derive(Clone)]
pub(super) struct Histogram(::metrics::Histogram);

impl Histogram {
    pub(super) fn new(name: &'static str, labels: &[LabelPair]) -> Self {
        Self(with_recorder(|recorder| {
            recorder.register_histogram(&key(name, labels), &METADATA)
        }))
    }

    pub(super) fn record(&self, value: f64) {
        self.0.record(value);
    }

    /// Records a value that is computed only if there is a recorder.
    pub(super) fn record_with(&self, value: impl FnOnce() -> f64) {
        self.0.record(Computed(value));
    }
}

/// A value that is computed when it is recorded.
struct Computed<F>(F);

impl<F: FnOnce() -> f64> IntoF64 for Computed<F> {
    fn into_f64(self) -> f64 {
        (self.0)()
    }
}

/// Measures a duration.
#[derive(Clone, Copy)]
pub(super) struct Timer(Instant);

impl Timer {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the seconds since the start.
    pub(super) fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use ::metrics::{NoopRecorder, with_local_recorder};

    use super::*;

    #[test]
    fn computes_no_value_without_a_recorder() {
        with_local_recorder(&NoopRecorder, || {
            Histogram::new("duration", &[]).record_with(|| unreachable!("nothing records it"));
        });
    }
}
