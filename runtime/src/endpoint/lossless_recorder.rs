//! A recorder around the one of the Prometheus exporter that loses no values of histograms.
//!
//! The exporter has a queue of values for each histogram. If it empties a queue while another thread adds a value, it can lose the value:
//! `AtomicBucket::clear_with` of metrics-util 0.20.4 does not wait for a thread that has read the queue's last block and has not yet
//! claimed a place in it. No issue of metrics-rs about it was found. Here, values wait in a vector for each histogram. A thread that
//! holds the lock adds them to the queue and empties the queue. This module can go when `clear_with` loses nothing.

use std::collections::HashMap;
use std::mem;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use metrics_exporter_prometheus::{PrometheusHandle, PrometheusRecorder};

/// How many values of a histogram may wait, 2 MiB. A thread that reaches this number moves the values itself, for example if the server
/// has stopped and no upkeep runs.
const MAX_WAITING: usize = 256 * 1024;
/// The shortest and the longest pause between two upkeeps.
const PAUSES: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(1);
/// The pause per histogram. An upkeep takes about 2 µs for each histogram, even without new values.
const PAUSE_PER_HISTOGRAM: Duration = Duration::from_micros(100);

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
        let histograms = self.histograms();
        self.move_values(&histograms).run_upkeep();
        pause(histograms.len())
    }

    /// Returns all metrics as text for Prometheus.
    pub(super) fn render(&self) -> String {
        self.move_values(&self.histograms()).render()
    }

    /// Returns a copy of the list, so that registering a histogram does not wait while values are moved.
    fn histograms(&self) -> Vec<Arc<WaitingHistogram>> {
        let histograms = self.histograms.read().unwrap_or_else(PoisonError::into_inner);
        histograms.values().cloned().collect()
    }

    fn move_values(&self, histograms: &[Arc<WaitingHistogram>]) -> MutexGuard<'_, PrometheusHandle> {
        let exporter = self.exporter.lock();
        for histogram in histograms {
            histogram.move_values(&exporter);
        }
        exporter
    }
}

fn pause(histograms: usize) -> Duration {
    let histograms = u32::try_from(histograms).unwrap_or(u32::MAX);
    (PAUSE_PER_HISTOGRAM * histograms).clamp(*PAUSES.start(), *PAUSES.end())
}

impl Exporter {
    fn lock(&self) -> MutexGuard<'_, PrometheusHandle> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WaitingHistogram {
    fn values(&self) -> MutexGuard<'_, Vec<f64>> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the values that wait to the queue of the exporter, which is locked.
    fn move_values(&self, _: &PrometheusHandle) {
        let values = {
            let mut waiting = self.values();
            // About as many values will wait at the next upkeep.
            let next = Vec::with_capacity(waiting.len());
            mem::replace(&mut *waiting, next)
        };
        for value in values {
            self.histogram.record(value);
        }
    }

    /// Moves the values if no other thread has done so meanwhile.
    fn move_too_many(&self) {
        let exporter = self.exporter.lock();
        if self.values().len() >= MAX_WAITING {
            self.move_values(&exporter);
            exporter.run_upkeep();
        }
    }
}

impl HistogramFn for WaitingHistogram {
    fn record(&self, value: f64) {
        let waiting = {
            let mut values = self.values();
            values.push(value);
            values.len()
        };
        if waiting >= MAX_WAITING {
            self.move_too_many();
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

    /// Sets a flag on drop, so that threads end even if an assertion fails.
    struct SetOnDrop<'a>(&'a AtomicBool);

    impl Drop for SetOnDrop<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// Records values in four threads while other threads run each of `meanwhile` again and again. Returns how many values there are.
    fn record_in_threads(recorder: &LosslessRecorder, meanwhile: &[fn(&RecorderHandle)]) -> usize {
        const THREADS: usize = 4;
        const VALUES: usize = 400_000;
        let handle = recorder.handle();
        let is_done = AtomicBool::new(false);
        thread::scope(|scope| {
            for run in meanwhile {
                scope.spawn(|| {
                    while !is_done.load(Ordering::Relaxed) {
                        run(&handle);
                    }
                });
            }
            let _set_on_drop = SetOnDrop(&is_done);
            let threads: Vec<_> = (0..THREADS)
                .map(|_| {
                    scope.spawn(|| {
                        let histogram = with_local_recorder(recorder, || histogram!("sizes"));
                        for _ in 0..VALUES {
                            histogram.record(2.0);
                        }
                    })
                })
                .collect();
            for thread in threads {
                thread.join().expect("no panic");
            }
        });
        THREADS * VALUES
    }

    fn assert_count(recorder: &LosslessRecorder, count: usize) {
        let text = recorder.handle().render();
        assert!(text.contains(&format!("sizes_count {count}\n")), "{text}");
        assert!(text.contains(&format!("sizes_sum {}\n", 2 * count)), "{text}");
    }

    #[test]
    fn counts_each_value_while_others_are_moved() {
        let recorder = recorder();
        let run_upkeep = |handle: &RecorderHandle| {
            handle.run_upkeep();
        };
        let render = |handle: &RecorderHandle| {
            handle.render();
        };
        let count = record_in_threads(&recorder, &[run_upkeep, run_upkeep, render]);
        assert_count(&recorder, count);
    }

    #[test]
    fn counts_each_value_without_upkeep() {
        let recorder = recorder();
        let count = record_in_threads(&recorder, &[]);
        assert!(count > 4 * MAX_WAITING);
        for histogram in recorder.handle().histograms() {
            assert!(histogram.values().len() < MAX_WAITING);
        }
        assert_count(&recorder, count);
    }

    /// Returns the resident memory without pages of files.
    #[cfg(target_os = "linux")]
    fn resident_kb() -> usize {
        let status = std::fs::read_to_string("/proc/self/status").expect("a file of Linux");
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let kb = line.and_then(|line| line.trim().strip_suffix(" kB"));
        kb.expect("a size").parse().expect("a number")
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_is_bounded_without_upkeep() {
        let recorder = recorder();
        let histogram = with_local_recorder(&recorder, || histogram!("sizes"));
        let before = resident_kb();
        // If no thread emptied it, the exporter's queue would take 16 bytes for each value, 192 MB.
        for _ in 0..12_000_000 {
            histogram.record(2.0);
        }
        let after = resident_kb();
        assert!(after < before + 96 * 1024, "{before} kB, then {after} kB");
    }

    #[test]
    fn finds_a_histogram_by_name_and_labels() {
        let recorder = recorder();
        with_local_recorder(&recorder, || {
            for _ in 0..3 {
                histogram!("sizes").record(2.0);
            }
            histogram!("sizes", "kind" => "other").record(1.0);
        });
        assert_eq!(recorder.handle().histograms().len(), 2);
        assert_count(&recorder, 3);
        let text = recorder.handle().render();
        assert!(text.contains("sizes_count{kind=\"other\"} 1\n"), "{text}");
    }

    #[test]
    fn pauses_longer_with_thousands_of_histograms() {
        for (histograms, millis) in [
            (0, 100),
            (1000, 100),
            (3000, 300),
            (10_000, 1000),
            (usize::MAX, 1000),
        ] {
            assert_eq!(pause(histograms), Duration::from_millis(millis));
        }
    }
}
