//! The secrets that each call must have in its metadata.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};
use subtle::ConstantTimeEq as _;

/// Metadata that each call must have. Values are compared in constant time and never printed.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<(HeaderName, HeaderValue)>);

/// How the metadata of a call differs from a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mismatch {
    Missing,
    Wrong,
}

impl Secrets {
    /// Adds a key and its secret value.
    ///
    /// # Errors
    ///
    /// Returns a text if they are not valid metadata. The text contains the key, but not the value.
    pub(crate) fn add(&mut self, key: &str, value: &str) -> Result<(), String> {
        let name = HeaderName::try_from(key)
            .ok()
            .filter(|name| !name.as_str().ends_with("-bin"))
            .ok_or_else(|| format!("the key `{}` of the secret can't be metadata", key.escape_debug()))?;
        if value.trim().is_empty() {
            return Err(format!("the secret of the key `{name}` is empty"));
        }
        let mut value = HeaderValue::try_from(value.trim())
            .map_err(|_| format!("the secret of the key `{name}` has characters that metadata can't have"))?;
        value.set_sensitive(true);
        self.0.push((name, value));
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Checks that a call has all secrets, and removes them, so that handlers cannot leak them.
    ///
    /// Centrifugo may forward a client's header with the same key, so one correct value among several is enough.
    ///
    /// # Errors
    ///
    /// Returns the mismatch and the key of the secret. A wrong value takes precedence over a missing one.
    pub(crate) fn admit(&self, headers: &mut HeaderMap) -> Result<(), (Mismatch, &str)> {
        let mut reported = None;
        for (name, secret) in &self.0 {
            let values: Vec<HeaderValue> = headers.get_all(name).iter().cloned().collect();
            let mismatch = match values.is_empty() {
                true => Mismatch::Missing,
                false => Mismatch::Wrong,
            };
            headers.remove(name);
            let mut found = false;
            for value in values {
                if bool::from(value.as_bytes().ct_eq(secret.as_bytes())) {
                    found = true;
                } else {
                    headers.append(name, value);
                }
            }
            let keeps_reported =
                reported.is_some_and(|(other, _)| other == Mismatch::Wrong || other == mismatch);
            if !found && !keeps_reported {
                reported = Some((mismatch, name.as_str()));
            }
        }
        reported.map_or(Ok(()), Err)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admits_the_correct_value_and_removes_it() {
        let mut secrets = Secrets::default();
        secrets.add("X-Key", "s3cret").unwrap();
        let mut headers = HeaderMap::new();
        assert_eq!(secrets.admit(&mut headers), Err((Mismatch::Missing, "x-key")));
        headers.append("x-key", HeaderValue::from_static("guess"));
        assert_eq!(secrets.admit(&mut headers), Err((Mismatch::Wrong, "x-key")));
        headers.append("x-key", HeaderValue::from_static("s3cret"));
        assert_eq!(secrets.admit(&mut headers), Ok(()));
        assert_eq!(headers.get_all("x-key").iter().collect::<Vec<_>>(), ["guess"]);
        assert!(!format!("{secrets:?}").contains("s3cret"));
    }

    #[test]
    fn reports_a_wrong_secret_before_a_missing_one() {
        let mut secrets = Secrets::default();
        for key in ["a", "b", "c"] {
            secrets.add(key, "s3cret").unwrap();
        }
        let mut headers = HeaderMap::new();
        headers.append("b", HeaderValue::from_static("guess"));
        assert_eq!(secrets.admit(&mut headers), Err((Mismatch::Wrong, "b")));
        headers.remove("b");
        assert_eq!(secrets.admit(&mut headers), Err((Mismatch::Missing, "a")));
    }

    #[test]
    fn refuses_invalid_metadata_without_printing_the_value() {
        for (key, value) in [("", "v"), ("a b", "v"), ("k-bin", "v"), ("k", " "), ("k", "v\nw")] {
            let error = Secrets::default().add(key, value).unwrap_err();
            assert!(!error.contains(value) || value.len() == 1, "{error}");
        }
    }
}
