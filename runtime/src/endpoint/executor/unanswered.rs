//! The reasons why a handler has no result.

use std::borrow::Cow;

use crate::error::Error;
use crate::metrics::EventOutcome;

/// The reason why a handler has no result.
pub(super) enum Unanswered {
    /// The program is overloaded, and the handler did not run.
    TooMany,
    TimedOut(Cow<'static, str>),
    Panicked(Cow<'static, str>),
    /// The program is shutting down.
    Aborted(Cow<'static, str>),
}

impl Unanswered {
    /// Returns the outcome for the metrics.
    pub(super) fn outcome(&self) -> EventOutcome {
        match self {
            Self::TooMany => EventOutcome::Refused,
            Self::TimedOut(_) => EventOutcome::Timeout,
            Self::Panicked(_) => EventOutcome::Panic,
            Self::Aborted(_) => EventOutcome::Internal,
        }
    }

    pub(super) fn into_error(self) -> Error {
        match self {
            Self::TooMany => Error::too_many_requests(),
            Self::TimedOut(reason) | Self::Panicked(reason) | Self::Aborted(reason) => {
                Error::internal(reason)
            }
        }
    }
}
