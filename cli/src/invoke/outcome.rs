//! How events end.

use std::fmt;

use serde::{Deserialize, Serialize};

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
    /// The answer is not known, since it is too long to be looked at.
    Unknown,
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
            Self::Unknown => "unknown",
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
