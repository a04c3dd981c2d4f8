//! The outcome of an event in one word.

use std::error::Error as _;
use std::fmt;

use crate::error::{Error, HandlerFailure, Seen};
use crate::metrics::EventOutcome;

/// The outcome of an event, and the code that the client sees. Prints as `ok`, `error:403` or `disconnect:4501`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutcomeSummary {
    pub(crate) outcome: EventOutcome,
    code: Option<u32>,
}

impl OutcomeSummary {
    /// Returns the outcome of an event that is answered with an error.
    pub(crate) fn of(error: &Error) -> Self {
        let (outcome, code) = match error.seen {
            Seen::Error { code, .. } => (EventOutcome::Error, Some(code)),
            Seen::Disconnect { code, .. } => (EventOutcome::Disconnect, Some(code)),
            Seen::Internal => {
                let outcome = match error.source().and_then(|source| source.downcast_ref()) {
                    Some(HandlerFailure::Panicked(_)) => EventOutcome::Panic,
                    Some(HandlerFailure::TimedOut(_)) => EventOutcome::Timeout,
                    None => EventOutcome::Internal,
                };
                (outcome, None)
            }
        };
        Self { outcome, code }
    }
}

impl From<EventOutcome> for OutcomeSummary {
    fn from(outcome: EventOutcome) -> Self {
        Self { outcome, code: None }
    }
}

impl fmt::Display for OutcomeSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.outcome.name())?;
        match self.code {
            Some(code) => write!(f, ":{code}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_code_that_the_client_sees() {
        let text = |error: Error| OutcomeSummary::of(&error).to_string();
        assert_eq!(text(Error::custom::<1001>("busy")), "error:1001");
        assert_eq!(text(Error::disconnect::<4501>("banned")), "disconnect:4501");
        assert_eq!(text(Error::internal("the database")), "internal");
        assert_eq!(
            text(Error::internal(HandlerFailure::Panicked("x".into()))),
            "panic"
        );
        assert_eq!(
            text(Error::internal(HandlerFailure::TimedOut("x".into()))),
            "timeout"
        );
    }
}
