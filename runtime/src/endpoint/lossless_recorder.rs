//! The recorder of the Prometheus exporter, without its losses.
//!
//! The exporter keeps the values of a histogram in a queue, and loses a value that a thread adds at the moment when another one empties
//! the queue (metrics-util 0.20.4, `AtomicBucket`). Here, values wait in front of the exporter, and under one lock they are added to its
//! queues, which are then emptied.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use metrics::{Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use metrics_exporter_prometheus::{PrometheusHandle, PrometheusRecorder};

/// The most values of a histogram that wait for the next upkeep. This many are moved at once, for example if there is no upkeep because
/// the server has stopped.
const MAX_WAITING: usize = 64 * 1024;
/// The pause between two upkeeps.
const PAUSE: Duration = Duration::from_millis(100);
/// How many times as long as an upkeep the pause is at least. An upkeep looks at each histogram, and there may be thousands.
const MIN_PAUSE_PER_UPKEEP: u32 = 50;
const MAX_PAUSE: Duration = Duration::from_secs(1);

/// A recorder that counts all values.
pub(super) struct LosslessRecorder {
    recorder: PrometheusRecorder,
    handle: RecorderHandle,
}

/// Reads the metrics of a recorder.
#[derive(Clone)]
pub(super) struct RecorderHandle {
    histograms: Arc<RwLock<HashMap<Key, Arc<WaitingHistogram>>>>,
    exporter: Arc<Exporter>,
}

/// The exporter. The lock is held while values are added to its queues, and while these are emptied.
struct Exporter(Mutex<PrometheusHandle>);

/// A histogram whose new values wait for the next upkeep.
struct WaitingHistogram {
    values: Mutex<Vec<f64>>,
    histogram: Histogram,
    exporter: Arc<Exporter>,
}

impl LosslessRecorder {
    pub(super) fn new(recorder: PrometheusRecorder) -> Self {
        let exporter = Arc::new(Exporter(Mutex::new(recorder.handle())));
        Self {
            recorder,
            handle: RecorderHandle {
                histograms: Arc::default(),
                exporter,
            },
        }
    }

    pub(super) fn handle(&self) -> RecorderHandle {
        self.handle.clone()
    }

    fn histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Arc<WaitingHistogram> {
        let histograms = &self.handle.histograms;
        if let Some(histogram) = histograms.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return histogram.clone();
        }
        histograms
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(key.clone())
            .or_insert_with(|| {
                Arc::new(WaitingHistogram {
                    values: Mutex::default(),
                    histogram: self.recorder.register_histogram(key, metadata),
                    exporter: self.handle.exporter.clone(),
                })
            })
            .clone()
    }
}

impl Recorder for LosslessRecorder {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.recorder.describe_counter(key, unit, description);
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.recorder.describe_gauge(key, unit, description);
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.recorder.describe_histogram(key, unit, description);
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        self.recorder.register_counter(key, metadata)
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        self.recorder.register_gauge(key, metadata)
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.histogram(key, metadata))
    }
}

impl RecorderHandle {
    /// Moves all values that wait into the buckets of their histograms. Returns the pause until the next upkeep.
    pub(super) fn run_upkeep(&self) -> Duration {
        let started = Instant::now();
        self.move_values().run_upkeep();
        pause_after(started.elapsed())
    }

    /// Returns all metrics as text for Prometheus.
    pub(super) fn render(&self) -> String {
        self.move_values().render()
    }

    fn move_values(&self) -> MutexGuard<'_, PrometheusHandle> {
        // A new histogram does not wait until the values of the others are moved.
        let histograms: Vec<_> = self
            .histograms
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .cloned()
            .collect();
        let exporter = self.exporter.lock();
        for histogram in histograms {
            histogram.move_values(&exporter);
        }
        exporter
    }
}

fn pause_after(upkeep: Duration) -> Duration {
    (upkeep * MIN_PAUSE_PER_UPKEEP).clamp(PAUSE, MAX_PAUSE)
}

impl Exporter {
    fn lock(&self) -> MutexGuard<'_, PrometheusHandle> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WaitingHistogram {
    /// Adds the values that wait to the queue of the exporter, which is locked.
    fn move_values(&self, _: &PrometheusHandle) {
        let values = {
            let mut waiting = self.values.lock().unwrap_or_else(PoisonError::into_inner);
            // The next interval has about as many values.
            let next = Vec::with_capacity(waiting.len());
            mem::replace(&mut *waiting, next)
        };
        for value in values {
            self.histogram.record(value);
        }
    }
}

impl HistogramFn for WaitingHistogram {
    fn record(&self, value: f64) {
        let waiting = {
            let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
            values.push(value);
            values.len()
        };
        if waiting >= MAX_WAITING {
            let exporter = self.exporter.lock();
            self.move_values(&exporter);
            exporter.run_upkeep();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use metrics::{histogram, with_local_recorder};
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    fn recorder() -> LosslessRecorder {
        LosslessRecorder::new(PrometheusBuilder::new().build_recorder())
    }

    fn waiting(recorder: &LosslessRecorder) -> usize {
        let histograms = recorder.handle.histograms.read().expect("no thread has panicked");
        histograms
            .values()
            .map(|histogram| histogram.values.lock().expect("no panic").len())
            .sum()
    }

    #[test]
    fn counts_each_value_while_values_are_moved() {
        const THREADS: u32 = 4;
        const VALUES: u32 = 500_000;
        let recorder = recorder();
        let handle = recorder.handle();
        let is_done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    handle.run_upkeep();
                }
            });
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    handle.render();
                }
            });
            let threads: Vec<_> = (0..THREADS)
                .map(|_| {
                    scope.spawn(|| {
                        let histogram = with_local_recorder(&recorder, || histogram!("sizes"));
                        for _ in 0..VALUES {
                            histogram.record(2.0);
                        }
                    })
                })
                .collect();
            for thread in threads {
                thread.join().expect("no panic");
            }
            is_done.store(true, Ordering::Relaxed);
        });
        let text = handle.render();
        let count = THREADS * VALUES;
        assert!(text.contains(&format!("sizes_count {count}\n")), "{text}");
        assert!(text.contains(&format!("sizes_sum {}\n", 2 * count)), "{text}");
    }

    #[test]
    fn pauses_longer_after_a_long_upkeep() {
        let millis = Duration::from_millis;
        for (upkeep, pause) in [(0, 100), (2, 100), (3, 150), (20, 1000), (500, 1000)] {
            assert_eq!(pause_after(millis(upkeep)), millis(pause));
        }
    }

    #[test]
    fn keeps_few_values_without_upkeep() {
        let recorder = recorder();
        with_local_recorder(&recorder, || {
            for _ in 0..MAX_WAITING + 1 {
                // Each look by name finds the same histogram.
                histogram!("sizes").record(1.0);
            }
            histogram!("sizes", "kind" => "other").record(1.0);
        });
        assert_eq!(waiting(&recorder), 2);
        let text = recorder.handle().render();
        assert!(
            text.contains(&format!("sizes_count {}\n", MAX_WAITING + 1)),
            "{text}"
        );
        assert!(text.contains("sizes_count{kind=\"other\"} 1\n"), "{text}");
        assert_eq!(waiting(&recorder), 0);
    }
}
