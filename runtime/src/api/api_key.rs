//! The API key.

use std::fmt;

use http::HeaderValue;

use super::error::Error;

/// An API key. `Debug` does not show it.
#[derive(Clone, Default)]
pub(crate) struct ApiKey(String);

impl ApiKey {
    /// Trims the text, as the secrets of the endpoints are trimmed: a file's last line break is not a part of the key.
    pub(crate) fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// Returns the value of a header, with `prefix` before the key, or nothing if there is no key.
    pub(crate) fn header(&self, prefix: &str) -> Result<Option<HeaderValue>, Error> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let mut value = HeaderValue::from_str(&format!("{prefix}{}", self.0))
            .map_err(|_| Error::invalid("the API key has characters that a header cannot carry"))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "none" } else { "set" })
    }
}
