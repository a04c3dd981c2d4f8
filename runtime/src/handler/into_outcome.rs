//! What the functions of layers return.

use super::outcome::Outcome;
use crate::error::ReplyError;

/// A type that the function of a layer can return: an [`Outcome`], or a `Result` of one.
#[diagnostic::on_unimplemented(
    message = "the function of a layer can't return `{Self}`",
    note = "it returns `layer::Outcome`, or a `Result` of one whose error can be a handler's"
)]
pub trait IntoOutcome {
    /// Returns the outcome.
    fn into_outcome(self) -> Outcome;
}

impl IntoOutcome for Outcome {
    fn into_outcome(self) -> Outcome {
        self
    }
}

impl<E: ReplyError> IntoOutcome for Result<Outcome, E> {
    fn into_outcome(self) -> Outcome {
        self.unwrap_or_else(|error| Outcome::Error(error.into_error()))
    }
}
