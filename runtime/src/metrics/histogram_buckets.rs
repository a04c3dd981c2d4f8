//! The buckets of histograms.

/// The upper bounds of the buckets of durations, in seconds.
const DURATIONS: &[f64] = &[
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// The upper bounds of the buckets of batch sizes. A batch has at most 100 publishes.
const BATCH_SIZES: &[f64] = &[1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0];

/// The histograms of this crate, with their buckets. Without buckets, histograms of several processes cannot be added up.
pub(crate) const HISTOGRAMS: [(&str, &[f64]); 3] = [
    ("centrifugo_backend_event_duration_seconds", DURATIONS),
    ("centrifugo_backend_api_call_duration_seconds", DURATIONS),
    ("centrifugo_backend_api_batched_publishes", BATCH_SIZES),
];

/// The end of the names of a program's own histograms of durations.
pub(crate) const DURATION_SUFFIX: &str = "_seconds";

/// The buckets of a program's own histograms of durations.
pub(crate) const OWN_DURATIONS: &[f64] = DURATIONS;
