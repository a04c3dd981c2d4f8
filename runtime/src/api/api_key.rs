//! The API key, which no text shows.

use std::fmt;

use http::HeaderValue;

use super::error::Error;

#[derive(Clone, Default)]
pub(crate) struct ApiKey(String);

impl ApiKey {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A header's value, behind `prefix`; nothing without a key.
    pub(crate) fn header(&self, prefix: &str) -> Result<Option<HeaderValue>, Error> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let mut value = HeaderValue::from_str(&format!("{prefix}{}", self.0))
            .map_err(|_| Error::invalid("the API key has characters that a header can't carry"))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "none" } else { "set" })
    }
}
