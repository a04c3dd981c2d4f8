//! The result of extraction, which may not be known yet.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::error::Error;

/// The result of extracting a value from an event, or a future that returns the result.
#[must_use]
pub enum Extracted<'a, T> {
    /// The result is known. This case needs no allocation.
    Now(Result<T, Error>),
    /// The result is not known yet: the future returns it.
    Later(Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>),
}

impl<T> Extracted<'_, T> {
    /// Returns the extraction error if extraction has already failed.
    ///
    /// # Errors
    ///
    /// Fails if the result is known and is an error.
    pub fn first(self) -> Result<Self, Error> {
        match self {
            Self::Now(Err(error)) => Err(error),
            other => Ok(other),
        }
    }

    /// Returns whether the result is known.
    pub fn is_now(&self) -> bool {
        matches!(self, Self::Now(_))
    }

    /// Returns the result if it is known.
    ///
    /// # Errors
    ///
    /// Fails with the extraction error, or with an internal error if the result is not known yet.
    pub fn now(self) -> Result<T, Error> {
        match self {
            Self::Now(result) => result,
            Self::Later(_) => Err(Error::internal(
                "an extractor with `IN_MEMORY` returned `Extracted::Later`",
            )),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Extracted<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(result) => f.debug_tuple("Now").field(result).finish(),
            Self::Later(_) => f.write_str("Later(..)"),
        }
    }
}
