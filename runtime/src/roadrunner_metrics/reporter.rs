//! Compares the values of metrics with what RoadRunner knows, and reports the changes.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use metrics::Key;
use serde_json::{Value, json};

use super::connection::{Call, CallResult, Connection};
use super::family::{Declared, Family, FamilyKind, prometheus_name};
use super::instruments::HistogramValue;
use super::recorder::{Series, SeriesValue, WorkerRecorder};
use super::sample::{Change, Sample, Source};
use super::stop_request::StopRequest;
use crate::logging::clip;

/// The most calls that wait for their answers. RoadRunner starts a goroutine for each.
const MAX_CALLS: usize = 128;
/// How often a metric is declared before it counts as refused.
const MAX_DECLARATIONS: u8 = 3;

/// Holds what RoadRunner knows of this worker's metrics.
pub(super) struct Reporter {
    recorder: WorkerRecorder,
    families: Vec<Family>,
    by_name: HashMap<String, usize>,
    samples: Vec<Sample>,
}

/// The end of a report that was not interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reported {
    Done {
        /// How many values were reported.
        changes: usize,
    },
    /// RoadRunner runs without the `metrics` plugin.
    NoPlugin,
}

impl Reporter {
    pub(super) fn new(recorder: WorkerRecorder) -> Self {
        Self {
            recorder,
            families: Vec::new(),
            by_name: HashMap::new(),
            samples: Vec::new(),
        }
    }

    /// Reports all changes since the last report.
    ///
    /// # Errors
    ///
    /// The connection is lost. The next report repeats the calls without an answer.
    pub(super) fn report(
        &mut self,
        connection: &mut Connection,
        stop: &StopRequest,
        is_final: bool,
    ) -> io::Result<Reported> {
        for series in self.recorder.take_added() {
            self.add(&series);
        }
        for family in &mut self.families {
            if !declare(family, connection, stop)? {
                return Ok(Reported::NoPlugin);
            }
        }
        let is_declared = |sample: &Sample| {
            let family = self.families.get(sample.family);
            family.is_some_and(|family| family.declared == Declared::Yes)
        };
        let changes: Vec<(usize, Change)> = self
            .samples
            .iter()
            .enumerate()
            .filter(|(_, sample)| is_declared(sample))
            .filter_map(|(index, sample)| Some((index, sample.change(is_final)?)))
            // JSON has no other numbers.
            .filter(|(_, change)| change.value.is_finite())
            .collect();
        for changes in changes.chunks(MAX_CALLS) {
            let calls: Vec<Call> = changes.iter().map(|change| self.call(change)).collect();
            let results = connection.exchange(&calls, stop)?;
            for ((index, change), result) in changes.iter().zip(results) {
                self.settle(*index, change, result);
            }
        }
        Ok(Reported::Done {
            changes: changes.len(),
        })
    }

    fn call(&self, (index, change): &(usize, Change)) -> Call {
        let argument = self.samples.get(*index).and_then(|sample| {
            let family = self.families.get(sample.family)?;
            Some(json!({ "Name": family.name, "Value": change.value, "Labels": sample.labels }))
        });
        (
            change.method,
            argument.unwrap_or_default().to_string().into_bytes(),
        )
    }

    fn settle(&mut self, index: usize, change: &Change, result: CallResult) {
        let Some(sample) = self.samples.get_mut(index) else {
            return;
        };
        let Some(family) = self.families.get_mut(sample.family) else {
            return;
        };
        match result {
            Ok(()) => sample.confirm(change.reading),
            Err(text) if text.contains("undefined collector") => {
                if family.declared == Declared::Yes {
                    family.declared = Declared::Missing(1);
                }
            }
            Err(text) => refuse(family, &text),
        }
    }

    /// Adds the samples of a series.
    fn add(&mut self, series: &Series) {
        let key = &series.key;
        match &series.value {
            SeriesValue::Counter(value) => {
                self.add_sample(key, "", FamilyKind::Counter, None, Source::Counter(value.clone()));
            }
            SeriesValue::Gauge(value) => {
                self.add_sample(key, "", FamilyKind::Gauge, None, Source::Gauge(value.clone()));
            }
            SeriesValue::Histogram(value) => self.add_histogram(key, value),
        }
    }

    fn add_histogram(&mut self, key: &Key, value: &Arc<HistogramValue>) {
        let bounds = value.bounds();
        if !bounds.is_empty() {
            let texts = bounds.iter().map(f64::to_string).chain(["+Inf".to_owned()]);
            for (index, text) in texts.enumerate() {
                let source = Source::Bucket(value.clone(), index);
                self.add_sample(key, "_bucket", FamilyKind::Counter, Some(("le", text)), source);
            }
        }
        self.add_sample(key, "_sum", FamilyKind::Counter, None, Source::Sum(value.clone()));
        self.add_sample(
            key,
            "_count",
            FamilyKind::Counter,
            None,
            Source::Count(value.clone()),
        );
    }

    fn add_sample(
        &mut self,
        key: &Key,
        suffix: &str,
        kind: FamilyKind,
        bound: Option<(&str, String)>,
        source: Source,
    ) {
        let mut pairs: Vec<(String, String)> = key
            .labels()
            .map(|label| (prometheus_name(label.key()), label.value().to_owned()))
            .collect();
        pairs.extend(bound.map(|(key, value)| (key.to_owned(), value)));
        // The plugin takes values without keys, in the order of the declaration.
        pairs.sort();
        let (labels, values): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        let name = prometheus_name(key.name()) + suffix;
        let next = self.families.len();
        let index = *self.by_name.entry(name.clone()).or_insert(next);
        if index == next {
            self.families.push(Family {
                name,
                kind,
                labels,
                help: self.recorder.description(key.name()).into_owned(),
                declared: Declared::Unknown,
            });
        } else if let Some(family) = self.families.get_mut(index)
            && (family.kind != kind || family.labels != labels)
        {
            tracing::warn!(
                target: "centrifugo",
                metric = family.name,
                ?labels,
                "time series not reported: its labels or its type differ from those of the metric's first time series"
            );
            return;
        }
        self.samples.push(Sample::new(index, values, source));
    }
}

/// Declares a metric, unless RoadRunner knows it. Returns `false` if RoadRunner has no plugin.
fn declare(family: &mut Family, connection: &mut Connection, stop: &StopRequest) -> io::Result<bool> {
    let mut call = |method, argument: &Value| -> io::Result<CallResult> {
        let results = connection.exchange(&[(method, argument.to_string().into_bytes())], stop)?;
        Ok(results.into_iter().next().unwrap_or(Ok(())))
    };
    match family.declared {
        Declared::Yes | Declared::Refused => return Ok(true),
        Declared::Missing(_) => {}
        Declared::Unknown => {
            if let Some((probe, key)) = family.probe() {
                match call("metrics.Declare", &probe)? {
                    Ok(()) => drop(call("metrics.Unregister", &key.into())?),
                    Err(text) if text.contains("can't find service") => return Ok(false),
                    // Another worker has declared it.
                    Err(_) => {
                        family.declared = Declared::Yes;
                        return Ok(true);
                    }
                }
            }
        }
    }
    match call("metrics.Declare", &family.declaration())? {
        Ok(()) => family.declared = Declared::Yes,
        Err(text) if text.contains("can't find service") => return Ok(false),
        // Another worker is asking at this moment.
        Err(_) if family.declared == Declared::Unknown => family.declared = Declared::Missing(1),
        Err(text) => match family.declared {
            Declared::Missing(count) if count < MAX_DECLARATIONS => {
                family.declared = Declared::Missing(count + 1);
            }
            _ => refuse(family, &text),
        },
    }
    Ok(true)
}

fn refuse(family: &mut Family, text: &str) {
    if family.declared != Declared::Refused {
        tracing::warn!(target: "centrifugo", metric = family.name, error = %clip(text), "metric refused by RoadRunner");
        family.declared = Declared::Refused;
    }
}
