//! The answer to an invocation.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{LogLine, Response, effect};
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

/// How an event ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The handler replied.
    Ok,
    /// The client gets an error.
    Error,
    /// The connection ends.
    Disconnect,
    /// The handler failed, or the call did.
    Failed,
    /// No handler ran.
    Refused,
    /// There was no answer within the time limit.
    Timeout,
}

impl Outcome {
    /// Returns the name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::Disconnect => "disconnect",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
        }
    }

    /// Reads the outcome in a program's log, such as `error:404`.
    pub fn from_log(text: &str) -> Option<Self> {
        match text.split(':').next()? {
            "ok" => Some(Self::Ok),
            "error" => Some(Self::Error),
            "disconnect" => Some(Self::Disconnect),
            "internal" | "panic" | "unreadable" => Some(Self::Failed),
            "refused" => Some(Self::Refused),
            "timeout" | "cancelled" => Some(Self::Timeout),
            _ => None,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_outcome_in_the_log() {
        for (text, outcome) in [
            ("ok", Outcome::Ok),
            ("error:404", Outcome::Error),
            ("disconnect:4501", Outcome::Disconnect),
            ("panic", Outcome::Failed),
            ("timeout", Outcome::Timeout),
            ("refused", Outcome::Refused),
        ] {
            assert_eq!(Outcome::from_log(text), Some(outcome), "{text}");
        }
        assert_eq!(Outcome::from_log("okay"), None);
    }
}
