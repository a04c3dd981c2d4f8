//! The table of the metrics.

use ::metrics::{Unit, with_recorder};

/// What a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MetricKind {
    Counter,
    Gauge,
    Histogram,
}

use MetricKind::{Counter, Gauge, Histogram};

/// A metric, without the prefix in its name.
struct Metric {
    name: &'static str,
    kind: MetricKind,
    unit: Option<Unit>,
    /// The keys of its labels, for the documentation.
    #[cfg_attr(
        not(test),
        allow(dead_code, reason = "only the test of the documentation uses it")
    )]
    labels: &'static [&'static str],
    description: &'static str,
}

/// The prefix of all names. Centrifugo's own metrics have the prefix `centrifugo_`.
const PREFIX: &str = "centrifugo_backend_";

/// All metrics. A test checks the table of the documentation against this one.
#[rustfmt::skip]
const METRICS: &[Metric] = &[
    Metric { name: "events_total", kind: Counter, unit: None, labels: &["kind", "handler", "outcome"],
        description: "Events that were answered. `handler` is the function, or `none`." },
    Metric { name: "event_duration_seconds", kind: Histogram, unit: Some(Unit::Seconds), labels: &["kind", "handler", "outcome"],
        description: "The time from the arrival of an event to its outcome." },
    Metric { name: "events_in_flight", kind: Gauge, unit: None, labels: &["kind"],
        description: "Events without an answer." },
    Metric { name: "events_refused_total", kind: Counter, unit: None, labels: &["reason"],
        description: "Events, calls and connections that were refused before a handler ran." },
    Metric { name: "handler_timeouts_total", kind: Counter, unit: None, labels: &["handler"],
        description: "Events whose handler had no reply at its time limit." },
    Metric { name: "handlers_blocked", kind: Gauge, unit: None, labels: &["handler"],
        description: "Handlers that block their thread past their time limit." },
    Metric { name: "panics_total", kind: Counter, unit: None, labels: &["handler"],
        description: "Panics of handlers and of the publications of streams." },
    Metric { name: "grace_total", kind: Counter, unit: None, labels: &["kind"],
        description: "Refresh and sub_refresh events that failed or were cancelled, so that Centrifugo keeps the connection or the subscription for a grace period." },
    Metric { name: "streams_open", kind: Gauge, unit: None, labels: &["handler"],
        description: "Open streams." },
    Metric { name: "stream_messages_total", kind: Counter, unit: None, labels: &["handler", "direction"],
        description: "Publications of streams: `out` to the client, `in` from the client." },
    Metric { name: "connections_open", kind: Gauge, unit: None, labels: &["transport"],
        description: "Open connections to the endpoint." },
    Metric { name: "connections_total", kind: Counter, unit: None, labels: &["transport"],
        description: "Connections that the endpoint accepted." },
    Metric { name: "tls_handshake_failures_total", kind: Counter, unit: None, labels: &["transport"],
        description: "TLS handshakes that failed or timed out." },
    Metric { name: "api_calls_total", kind: Counter, unit: None, labels: &["method", "transport", "outcome", "delivery"],
        description: "Calls of the server API. `method` is the name of Centrifugo's method." },
    Metric { name: "api_call_duration_seconds", kind: Histogram, unit: Some(Unit::Seconds), labels: &["method", "transport", "outcome", "delivery"],
        description: "The duration of calls of the server API, all attempts together." },
    Metric { name: "api_in_flight", kind: Gauge, unit: None, labels: &["transport"],
        description: "Calls of the server API without a result." },
    Metric { name: "api_connections", kind: Gauge, unit: None, labels: &["transport"],
        description: "Open connections to the server API." },
    Metric { name: "api_reconnects_total", kind: Counter, unit: None, labels: &["transport"],
        description: "Failures of the connection to the server API, after which the next call connects again." },
    Metric { name: "api_batched_publishes", kind: Histogram, unit: Some(Unit::Count), labels: &["transport"],
        description: "Publishes in one request that combines concurrent publishes." },
    Metric { name: "states_build_seconds", kind: Gauge, unit: Some(Unit::Seconds), labels: &["state"],
        description: "How long the `#[state]` function took." },
    Metric { name: "build_info", kind: Gauge, unit: None, labels: &["version", "features"],
        description: "1. The labels are the version and the features of the crate `centrifugo`." },
    Metric { name: "log_lines_dropped_total", kind: Counter, unit: None, labels: &[],
        description: "Lines of the log that were dropped because standard error was not read in time." },
];

/// Describes all metrics to the recorder.
pub(super) fn describe() {
    for metric in METRICS {
        let name = format!("{PREFIX}{}", metric.name).into();
        let (unit, description) = (metric.unit, metric.description.into());
        with_recorder(|recorder| match metric.kind {
            Counter => recorder.describe_counter(name, unit, description),
            Gauge => recorder.describe_gauge(name, unit, description),
            Histogram => recorder.describe_histogram(name, unit, description),
        });
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn table() -> String {
        let mut table = "| metric | type | labels | meaning |\n|---|---|---|---|\n".to_owned();
        for metric in METRICS {
            let labels: Vec<_> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
            let labels = match &*labels {
                [] => "–".to_owned(),
                labels => labels.join(", "),
            };
            let kind = format!("{:?}", metric.kind).to_lowercase();
            let (name, description) = (metric.name, metric.description);
            table += &format!("| `{name}` | {kind} | {labels} | {description} |\n");
        }
        table
    }

    #[test]
    fn guide_has_the_table() {
        let table = table();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/monitoring.md");
        let page = fs::read_to_string(&path).unwrap();
        let start = page.find("| metric | type |").unwrap();
        let end = start + page[start..].find("\n\n").unwrap() + 1;
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, [&page[..start], &table, &page[end..]].concat()).unwrap();
            return;
        }
        assert_eq!(page[start..end], table, "run with BLESS=1");
    }

    #[test]
    fn describes_every_metric_that_the_source_names() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/metrics");
        let (mut named, start) = (Vec::new(), format!("\"{PREFIX}"));
        for entry in fs::read_dir(folder).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            let names = text.split(&start).skip(1);
            named.extend(names.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
        named.retain(|name| !name.is_empty());
        named.sort();
        named.dedup();
        let mut described: Vec<_> = METRICS.iter().map(|metric| metric.name).collect();
        described.sort_unstable();
        assert_eq!(named, described);
    }
}
