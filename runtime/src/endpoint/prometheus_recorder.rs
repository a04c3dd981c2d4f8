//! The recorder behind the metrics server.

use std::sync::{Mutex, PoisonError};

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder};

use super::lossless_recorder::{LosslessRecorder, RecorderHandle};
use crate::metrics::{DURATION_SUFFIX, HISTOGRAMS, OWN_DURATIONS};

/// The recorder of the process, which all servers of the process share.
static INSTALLED: Mutex<Option<RecorderHandle>> = Mutex::new(None);

/// Installs the recorder of the process, if no earlier server has installed it. It also records the metrics of the program itself.
///
/// # Errors
///
/// Returns a text if the program has installed a recorder of its own.
pub(super) fn install() -> Result<RecorderHandle, String> {
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*installed {
        return Ok(handle.clone());
    }
    let builder = builder().map_err(|error| format!("the recorder of metrics can't be created: {error}"))?;
    let recorder = LosslessRecorder::new(builder.build_recorder());
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|_| {
        "WORKER_METRICS_LISTEN is set, but the program has installed a metrics recorder of its own; unset the variable, or do \
         not install a recorder"
            .to_owned()
    })?;
    Ok(installed.insert(handle).clone())
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    let own = Matcher::Suffix(DURATION_SUFFIX.to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(own, OWN_DURATIONS)?;
    HISTOGRAMS
        .into_iter()
        .try_fold(builder, |builder, (name, buckets)| {
            builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), buckets)
        })
}
