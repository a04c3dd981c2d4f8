//! The recorder behind the metrics server.

use std::sync::{Mutex, PoisonError};

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

/// The upper bounds of the buckets of durations, in seconds.
const DURATIONS: &[f64] = &[
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// The upper bounds of the buckets of batch sizes. A batch has at most 100 publishes.
const BATCH_SIZES: &[f64] = &[1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0];

/// The histograms of this crate. Without buckets, a histogram is rendered as a summary, which cannot be added up over several
/// processes.
const HISTOGRAMS: [(&str, &[f64]); 3] = [
    ("centrifugo_backend_event_duration_seconds", DURATIONS),
    ("centrifugo_backend_api_call_duration_seconds", DURATIONS),
    ("centrifugo_backend_api_batched_publishes", BATCH_SIZES),
];

/// The recorder of the process, which all servers of the process share.
static INSTALLED: Mutex<Option<PrometheusHandle>> = Mutex::new(None);

/// Installs the recorder of the process, if no earlier server has installed it. It also records the metrics of the program itself.
///
/// # Errors
///
/// Returns a text if the program has installed a recorder of its own.
pub(super) fn install() -> Result<PrometheusHandle, String> {
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*installed {
        return Ok(handle.clone());
    }
    let recorder = builder()
        .map_err(|error| format!("the recorder of metrics can't be created: {error}"))?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|_| {
        "WORKER_METRICS_LISTEN is set, but the program has installed a metrics recorder of its own; unset the variable, or do \
         not install a recorder"
            .to_owned()
    })?;
    Ok(installed.insert(handle).clone())
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    HISTOGRAMS
        .into_iter()
        .try_fold(PrometheusBuilder::new(), |builder, (name, buckets)| {
            builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), buckets)
        })
}
