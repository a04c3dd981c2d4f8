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

/// The end of a report without an error.
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

    /// Reports all changes since the last report. A report that is not final ends early if the end of the reporter is
    /// requested, so that the final report starts in time.
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
        let mut reported = 0;
        if is_final {
            // A gauge that is not taken back stays too high until RoadRunner ends. A counter only misses the last second.
            let changes = self.changes(is_final, Sample::is_reported_gauge);
            reported += self.send(&changes, connection, stop, is_final)?;
        }
        for series in self.recorder.take_added() {
            self.add(&series);
        }
        for family in &mut self.families {
            if !is_final && stop.is_requested() {
                return Ok(Reported::Done { changes: reported });
            }
            if !declare(family, connection, stop)? {
                return Ok(Reported::NoPlugin);
            }
        }
        let changes = self.changes(is_final, |sample| !(is_final && sample.is_reported_gauge()));
        reported += self.send(&changes, connection, stop, is_final)?;
        Ok(Reported::Done { changes: reported })
    }

    /// Returns the changes of the selected samples whose metrics are declared.
    fn changes(&self, is_final: bool, is_selected: impl Fn(&Sample) -> bool) -> Vec<(usize, Change)> {
        let is_declared = |sample: &Sample| {
            let family = self.families.get(sample.family);
            family.is_some_and(|family| family.declared == Declared::Yes)
        };
        self.samples
            .iter()
            .enumerate()
            .filter(|(_, sample)| is_declared(sample) && is_selected(sample))
            .filter_map(|(index, sample)| Some((index, sample.change(is_final)?)))
            // JSON has no other numbers.
            .filter(|(_, change)| change.value.is_finite())
            .collect()
    }

    /// Sends changes, and records those that RoadRunner has answered. Returns how many were sent.
    fn send(
        &mut self,
        changes: &[(usize, Change)],
        connection: &mut Connection,
        stop: &StopRequest,
        is_final: bool,
    ) -> io::Result<usize> {
        let mut sent = 0;
        for changes in changes.chunks(MAX_CALLS) {
            if !is_final && stop.is_requested() {
                break;
            }
            let calls: Vec<Call> = changes.iter().map(|change| self.call(change)).collect();
            let exchange = connection.exchange(&calls, stop);
            for ((index, change), result) in changes.iter().zip(exchange.results) {
                if let Some(result) = result {
                    self.settle(*index, change, result);
                }
            }
            exchange.end?;
            sent += changes.len();
        }
        Ok(sent)
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
        let exchange = connection.exchange(&[(method, argument.to_string().into_bytes())], stop);
        exchange.end?;
        Ok(exchange.results.into_iter().flatten().next().unwrap_or(Ok(())))
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use metrics::{Level, Metadata, Recorder as _};

    use super::super::fake_plugin::{Behavior, FakePlugin};
    use super::*;

    const METADATA: Metadata<'static> = Metadata::new("tests", Level::INFO, None);

    fn connect(plugin: &FakePlugin) -> Connection {
        let address = plugin.address().parse().unwrap();
        Connection::open(&address, Duration::from_secs(2)).unwrap()
    }

    fn count(recorder: &WorkerRecorder, name: &'static str, value: u64) {
        let counter = recorder.register_counter(&Key::from_name(name), &METADATA);
        counter.increment(value);
    }

    #[test]
    fn leaves_metrics_of_others_registered() {
        let plugin = FakePlugin::start(Behavior::Answers);
        let (recorder, stop) = (WorkerRecorder::default(), StopRequest::default());
        let (mut reporter, mut connection) = (Reporter::new(recorder.clone()), connect(&plugin));
        for (name, value) in [("orders_total", 1), ("shop_orders_total", 2)] {
            count(&recorder, name, value);
            reporter.report(&mut connection, &stop, false).unwrap();
        }
        count(&recorder, "orders_total", 1);
        reporter.report(&mut connection, &stop, false).unwrap();
        assert_eq!(plugin.value("orders_total"), Some(2.0));
        assert_eq!(plugin.value("shop_orders_total"), Some(2.0));
        assert!(plugin.log().is_empty());
    }

    #[test]
    fn repeats_no_call_that_was_answered_before_the_connection_broke() {
        // Three metrics are declared, and two of the three values are confirmed.
        let plugin = FakePlugin::start(Behavior::ClosesAfter(5));
        let (recorder, stop) = (WorkerRecorder::default(), StopRequest::default());
        let mut reporter = Reporter::new(recorder.clone());
        let names = ["shop_orders_total", "shop_returns_total", "shop_visits_total"];
        for name in names {
            count(&recorder, name, 3);
        }
        assert!(reporter.report(&mut connect(&plugin), &stop, false).is_err());
        let repeated = reporter.report(&mut connect(&plugin), &stop, false);
        assert_eq!(repeated.unwrap(), Reported::Done { changes: 1 });
        for name in names {
            assert_eq!(plugin.value(name), Some(3.0));
        }
    }

    #[test]
    fn takes_gauges_back_before_it_reports_counters() {
        // Two metrics are declared, two values are reported, and the final report gets one answer.
        let plugin = FakePlugin::start(Behavior::ClosesAfter(5));
        let (recorder, stop) = (WorkerRecorder::default(), StopRequest::default());
        let (mut reporter, mut connection) = (Reporter::new(recorder.clone()), connect(&plugin));
        count(&recorder, "shop_orders_total", 3);
        let gauge = recorder.register_gauge(&Key::from_name("shop_carts"), &METADATA);
        gauge.increment(5.0);
        reporter.report(&mut connection, &stop, false).unwrap();
        assert_eq!(plugin.value("shop_carts"), Some(5.0));
        count(&recorder, "shop_orders_total", 1);
        assert!(reporter.report(&mut connection, &stop, true).is_err());
        assert_eq!(plugin.value("shop_carts"), Some(0.0));
        assert_eq!(plugin.value("shop_orders_total"), Some(3.0));
    }

    #[test]
    fn leaves_the_values_to_the_final_report_if_the_end_is_requested() {
        let plugin = FakePlugin::start(Behavior::Answers);
        let (recorder, stop) = (WorkerRecorder::default(), StopRequest::default());
        let (mut reporter, mut connection) = (Reporter::new(recorder.clone()), connect(&plugin));
        count(&recorder, "shop_orders_total", 3);
        reporter.report(&mut connection, &stop, false).unwrap();
        count(&recorder, "shop_orders_total", 1);
        // The request does not wait for a reporter that has ended.
        stop.end();
        stop.request(Duration::from_secs(10));
        let interrupted = reporter.report(&mut connection, &stop, false).unwrap();
        assert_eq!(interrupted, Reported::Done { changes: 0 });
        let changes = reporter.changes(false, |_| true);
        assert_eq!(changes.len(), 1);
        assert_eq!(reporter.send(&changes, &mut connection, &stop, false).unwrap(), 0);
        assert_eq!(plugin.value("shop_orders_total"), Some(3.0));
        reporter.report(&mut connection, &stop, true).unwrap();
        assert_eq!(plugin.value("shop_orders_total"), Some(4.0));
    }
}
