//! The reasons why a handler has no result.

use std::borrow::Cow;

use crate::error::Error;
use crate::metrics::EventOutcome;

/// What callers learn of events that end with the program.
pub(crate) const SHUTTING_DOWN: &str = "the program is shutting down";

/// The reason why a handler has no result.
pub(super) enum Unanswered {
    /// The program is overloaded, and the handler did not run.
    TooMany,
    TimedOut(Cow<'static, str>),
    Panicked(Cow<'static, str>),
    /// The program is shutting down, and the handler did not run.
    ShuttingDown,
    /// The program is shutting down, and the handler was dropped.
    Aborted,
}

impl Unanswered {
    /// Returns the outcome for the metrics.
    pub(super) fn outcome(&self) -> EventOutcome {
        match self {
            Self::TooMany | Self::ShuttingDown => EventOutcome::Refused,
            Self::TimedOut(_) => EventOutcome::Timeout,
            Self::Panicked(_) => EventOutcome::Panic,
            Self::Aborted => EventOutcome::Internal,
        }
    }

    pub(super) fn into_error(self) -> Error {
        match self {
            Self::TooMany => Error::too_many_requests(),
            Self::ShuttingDown | Self::Aborted => Error::internal(SHUTTING_DOWN),
            Self::TimedOut(reason) | Self::Panicked(reason) => Error::internal(reason),
        }
    }
}
