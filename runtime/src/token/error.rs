//! Why there is no token.

use std::fmt;

/// Why a key can't be read, or a token can't be made. It shows no key.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenError(String);

impl TokenError {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenError({})", self.0)
    }
}

impl std::error::Error for TokenError {}
