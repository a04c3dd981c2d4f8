//! The error of keys and tokens.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// The error for a key that cannot be read or a token that cannot be signed.
///
/// It never contains key material.
#[derive(Clone)]
pub struct TokenError {
    text: String,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl TokenError {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            source: None,
        }
    }

    pub(super) fn with_source(
        text: impl Into<String>,
        source: impl Into<Arc<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            text: text.into(),
            source: Some(source.into()),
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenError({})", self.text)
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}
