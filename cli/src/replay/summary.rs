//! What came of a replay.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Difference, Latencies};
use crate::description::Event;
use crate::invoke::Outcome;

/// An answer that differs from the recorded one.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ChangedAnswer {
    /// The line of the recording.
    pub line: u64,
    /// The kind of the event.
    pub kind: Event,
    /// The channel or the method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Where the answers differ.
    pub differences: Vec<Difference>,
}

/// An event that could not be sent, or whose answer could not be read.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct FailedEvent {
    /// The line of the recording.
    pub line: u64,
    /// The kind of the event.
    pub kind: Event,
    /// Why it failed.
    pub problem: String,
}

/// An event of a replay that is not as recorded.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum ReplayFinding {
    /// The answer differs.
    Changed(ChangedAnswer),
    /// There is no answer to compare.
    Failed(FailedEvent),
}

/// What came of a replay.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Summary {
    /// The number of answers that differ from the recorded ones.
    pub changed: u64,
    /// The number of events that could not be sent, or whose answers could not be read.
    pub failed: u64,
    /// The number of events that were not sent, because the recording leaves out their data.
    pub skipped: u64,
    /// The number of answers by outcome.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// How long the answers took, from the time when the event was due.
    pub latencies: Latencies,
    /// How long all of it took.
    pub elapsed: Duration,
}

impl Summary {
    /// Returns the number of answers.
    pub fn events(&self) -> u64 {
        self.latencies.count()
    }

    /// Returns the answers per second.
    pub fn rate(&self) -> f64 {
        self.events() as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// Returns the percentiles of the latencies with their names.
    pub fn percentiles(&self) -> [(&'static str, Duration); 5] {
        let of = |share| self.latencies.percentile(share);
        [
            ("p50", of(0.5)),
            ("p90", of(0.9)),
            ("p99", of(0.99)),
            ("p99.9", of(0.999)),
            ("max", self.latencies.longest()),
        ]
    }

    /// Returns a JSON document.
    pub fn to_json(&self) -> Value {
        let latencies = self
            .percentiles()
            .map(|(name, duration)| (name, duration.as_micros() as u64));
        json!({
            "events": self.events(),
            "changed": self.changed,
            "failed": self.failed,
            "skipped": self.skipped,
            "outcomes": self.outcomes.iter().map(|(outcome, count)| (outcome.name(), *count)).collect::<BTreeMap<_, _>>(),
            "elapsed_ms": self.elapsed.as_millis() as u64,
            "events_per_second": self.rate(),
            "latency_us": BTreeMap::from(latencies),
        })
    }
}
