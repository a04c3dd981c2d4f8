//! What a caller must know.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};
use subtle::ConstantTimeEq as _;

/// Metadata that every call must carry. Values are compared in constant time and shown nowhere.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<(HeaderName, HeaderValue)>);

/// How the metadata of a call differs from a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mismatch {
    Missing,
    Wrong,
}

impl Secrets {
    /// Adds a key and its value.
    ///
    /// # Errors
    ///
    /// When they can't be metadata. The text has the key alone.
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

    /// Checks that the call carries all of them, and removes them: handlers have no use for them.
    ///
    /// A client's header of the same key may stand beside ours, so one right value among several is enough.
    ///
    /// # Errors
    ///
    /// How the call differs, and the key of the secret. A wrong value is told before a missing one.
    pub(crate) fn admit(&self, headers: &mut HeaderMap) -> Result<(), (Mismatch, &str)> {
        let mut first = None;
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
            let is_told = first.is_some_and(|(told, _)| told == Mismatch::Wrong || told == mismatch);
            if !found && !is_told {
                first = Some((mismatch, name.as_str()));
            }
        }
        first.map_or(Ok(()), Err)
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
    fn the_right_value_is_admitted_and_taken_out() {
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
    fn a_wrong_secret_is_told_before_a_missing_one() {
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
    fn what_can_not_be_metadata_is_refused_without_its_value() {
        for (key, value) in [("", "v"), ("a b", "v"), ("k-bin", "v"), ("k", " "), ("k", "v\nw")] {
            let error = Secrets::default().add(key, value).unwrap_err();
            assert!(!error.contains(value) || value.len() == 1, "{error}");
        }
    }
}
