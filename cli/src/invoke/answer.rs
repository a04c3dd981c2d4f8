//! The answer to an invocation.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{LogLine, Outcome, Response, effect};
use crate::description::Event;

/// The answer to an invocation.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Answer {
    /// The number of the event, where events are numbered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The outcome.
    pub outcome: Outcome,
    /// How long the call took, in microseconds.
    pub duration_us: u64,
    /// What the program answered.
    pub answer: Response,
    /// What Centrifugo makes of the answer, if the client does not receive it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
    /// What the program logged.
    #[serde(default)]
    pub log: Vec<LogLine>,
}

impl Answer {
    /// Combines a response with what Centrifugo makes of it.
    pub fn new(kind: Event, response: Response, duration: Duration) -> Self {
        Self {
            id: None,
            outcome: response.outcome(),
            duration_us: duration.as_micros().try_into().unwrap_or(u64::MAX),
            effect: effect(kind, &response).map(str::to_owned),
            answer: response,
            log: Vec::new(),
        }
    }

    /// Adds lines of the log, of which one of the level `debug` says how the event ended. It can tell a time limit and a refusal from
    /// other errors.
    #[must_use]
    pub fn with_log(mut self, log: Vec<LogLine>) -> Self {
        let outcome = log.iter().rev().find_map(|line| line.outcome);
        // The call of a refresh fails for some errors of its handler.
        let is_failed_call = matches!(self.answer, Response::Status(_));
        match outcome {
            Some(Outcome::Ok | Outcome::Error | Outcome::Disconnect) if is_failed_call => {}
            Some(outcome) => self.outcome = outcome,
            None => {}
        }
        self.log = log;
        self
    }
}
