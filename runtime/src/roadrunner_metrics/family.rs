//! A metric as RoadRunner's plugin declares it: a name, a type and the keys of its labels.

use serde_json::{Value, json};

/// The beginning of the names of the runtime's own metrics.
const OWN_PREFIX: &str = "centrifugo_backend_";

/// The type of a metric. Histograms are reported as counters, see [`super::sample`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FamilyKind {
    Counter,
    Gauge,
}

/// Whether RoadRunner knows the metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    /// This worker has not asked yet.
    Unknown,
    /// RoadRunner answered that it does not know it. The number counts these answers.
    Missing(u8),
    Yes,
    /// RoadRunner refuses the metric, which is therefore not reported.
    Refused,
}

/// A metric with all of its time series.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) name: String,
    pub(super) kind: FamilyKind,
    pub(super) labels: Vec<String>,
    pub(super) help: String,
    pub(super) declared: Declared,
}

impl Family {
    /// Returns the argument of `metrics.Declare`.
    pub(super) fn declaration(&self) -> Value {
        self.declaration_in("", &self.name)
    }

    /// Returns the argument of `metrics.Declare` for the same metric under another key of the plugin, and that key.
    ///
    /// The plugin finds metrics by a key, which is the name without its namespace, and logs a warning if a key is declared
    /// twice. Prometheus' registry behind it compares whole names, and refuses a second one with an error that nobody logs. So
    /// this declaration tells whether another worker has declared the metric, without a line in RoadRunner's log.
    ///
    /// Returns `None` for the program's own metrics. The plugin accepts a declaration whose key exists already, so the probe of
    /// `shop_orders_total` would be accepted if `.rr.yaml` declares `orders_total`. To unregister the probe's key would then
    /// remove that other metric.
    pub(super) fn probe(&self) -> Option<(Value, &str)> {
        if !self.name.starts_with(OWN_PREFIX) {
            return None;
        }
        let (namespace, key) = self.name.split_once('_')?;
        Some((self.declaration_in(namespace, key), key))
    }

    fn declaration_in(&self, namespace: &str, name: &str) -> Value {
        let kind = match self.kind {
            FamilyKind::Counter => "counter",
            FamilyKind::Gauge => "gauge",
        };
        json!({
            "name": name,
            "collector": { "namespace": namespace, "type": kind, "help": self.help, "labels": self.labels },
        })
    }
}

/// Returns a name that Prometheus accepts: other characters become `_`. As in the direct endpoint's exporter.
pub(super) fn prometheus_name(name: &str) -> String {
    let mut valid = String::with_capacity(name.len());
    for (index, character) in name.chars().enumerate() {
        match character {
            'a'..='z' | 'A'..='Z' | '_' | ':' => valid.push(character),
            '0'..='9' if index > 0 => valid.push(character),
            _ => valid.push('_'),
        }
    }
    valid
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(name: &str) -> Family {
        Family {
            name: name.into(),
            kind: FamilyKind::Counter,
            labels: vec!["kind".into()],
            help: "Events.".into(),
            declared: Declared::Unknown,
        }
    }

    #[test]
    fn declares_a_probe_with_the_same_whole_name() {
        let family = family("centrifugo_backend_events_total");
        let (probe, key) = family.probe().unwrap();
        assert_eq!(key, "backend_events_total");
        let collector = &probe["collector"];
        assert_eq!(
            (&probe["name"], &collector["namespace"]),
            (&"backend_events_total".into(), &"centrifugo".into())
        );
        let declaration = family.declaration();
        assert_eq!(declaration["name"], "centrifugo_backend_events_total");
        for field in ["type", "help", "labels"] {
            assert_eq!(declaration["collector"][field], collector[field]);
        }
    }

    #[test]
    fn has_no_probe_for_the_metrics_of_the_program() {
        for name in ["shop_orders_total", "centrifugo_orders_total", "hits"] {
            assert_eq!(family(name).probe(), None);
        }
    }

    #[test]
    fn replaces_characters_that_prometheus_refuses() {
        assert_eq!(prometheus_name("shop.orders-total"), "shop_orders_total");
        assert_eq!(prometheus_name("1st größe"), "_st_gr__e");
    }
}
