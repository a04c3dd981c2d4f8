//! Signatures for clients of shared polls.

use std::time::Duration;

use ring::digest::{SHA256, digest};

use super::claims::unix_seconds;
use super::key::Key;
use super::token_error::TokenError;
use crate::time::Time;

/// A signature with which a client tracks keys of a [shared poll](https://centrifugal.dev/docs/server/shared_poll).
///
/// The backend passes it to the client, which sends it to Centrifugo together with the keys. It is not a JSON Web
/// Token. The secret is `shared_poll.hmac_secret_key` in Centrifugo's configuration.
///
/// ```
/// # fn main() -> Result<(), centrifugo::token::TokenError> {
/// use std::time::Duration;
/// use centrifugo::token::{Key, SharedPollSignature};
///
/// let key = Key::hs256("shared_poll.hmac_secret_key");
/// let signature = SharedPollSignature::user("42", "prices:metals")
///     .keys(["gold", "tin"])
///     .expires_in(Duration::from_secs(3600))
///     .sign(&key)?;
/// assert_eq!(signature.split(':').count(), 3);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a signature is made by `sign`"]
pub struct SharedPollSignature {
    user: String,
    channel: String,
    keys: Vec<String>,
    issued_at: i64,
    expires_at: i64,
}

/// Separates the signed fields.
const SEPARATOR: &str = "\0";

impl SharedPollSignature {
    /// Creates a signature for this channel and this user, who must be the user of the connection. It is issued now.
    pub fn user(id: impl Into<String>, channel: impl Into<String>) -> Self {
        Self {
            user: id.into(),
            channel: channel.into(),
            keys: Vec::new(),
            issued_at: Time::after(Duration::ZERO).unix_seconds(),
            expires_at: 0,
        }
    }

    /// Creates a signature for this channel and anonymous connections.
    pub fn anonymous(channel: impl Into<String>) -> Self {
        Self::user("", channel)
    }

    /// Adds keys. The client has to track all of them, in this order.
    pub fn keys<I: IntoIterator<Item: Into<String>>>(mut self, keys: I) -> Self {
        self.keys.extend(keys.into_iter().map(Into::into));
        self
    }

    /// Sets the time at which the signature expires.
    ///
    /// Centrifugo then stops sending updates of these keys, unless the client sends a new signature. By default the
    /// signature never expires.
    pub fn expires_at(mut self, time: impl Into<Time>) -> Self {
        self.expires_at = unix_seconds(time);
        self
    }

    /// Sets the time for which the signature is valid, from now on.
    pub fn expires_in(self, duration: Duration) -> Self {
        self.expires_at(Time::after(duration))
    }

    /// Sets the time at which the signature was issued. The default is now.
    ///
    /// While Centrifugo has two secrets, it compares this time with `shared_poll.hmac_previous_secret_key_valid_until`.
    pub fn issued_at(mut self, time: impl Into<Time>) -> Self {
        self.issued_at = unix_seconds(time);
        self
    }

    /// Returns the text of the signature.
    ///
    /// # Errors
    ///
    /// Fails if the key was not created by [`Key::hs256`], or if the user, the channel or a key contains a zero byte.
    pub fn sign(self, key: &Key) -> Result<String, TokenError> {
        let texts = [&self.user, &self.channel];
        if texts
            .into_iter()
            .chain(&self.keys)
            .any(|text| text.contains(SEPARATOR))
        {
            return Err(TokenError::new(
                "the user, the channel or a key of a shared poll contains a zero byte",
            ));
        }
        let keys = hex(digest(&SHA256, self.keys.join(SEPARATOR).as_bytes()).as_ref());
        let (issued_at, expires_at) = (self.issued_at.to_string(), self.expires_at.to_string());
        let signed = [issued_at.as_str(), &expires_at, &self.user, &self.channel, &keys].join(SEPARATOR);
        let signature = hex(key.hmac(signed.as_bytes())?.as_ref());
        Ok(format!("{issued_at}:{expires_at}:{signature}"))
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 0x0f)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(*byte)])
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    // The expected signature was created with Python's `hmac`, as Centrifugo's docs describe it.
    #[test]
    fn returns_a_known_signature() {
        let signature = SharedPollSignature::user("42", "prices:metals")
            .keys(["gold", "tin"])
            .issued_at(UNIX_EPOCH + Duration::from_secs(1_700_000_000))
            .expires_at(UNIX_EPOCH + Duration::from_secs(1_800_000_000))
            .sign(&Key::hs256("secret"))
            .unwrap();
        assert_eq!(
            signature,
            "1700000000:1800000000:3839f53bfab3f00d447fe2dc9b995775743357d955d03649005ab91ab145ed18"
        );
    }

    #[test]
    fn refuses_a_zero_byte_in_a_field() {
        let key = Key::hs256("secret");
        for signature in [
            SharedPollSignature::user("4\x002", "c"),
            SharedPollSignature::user("42", "c\0d"),
            SharedPollSignature::anonymous("c").keys(["a\0b"]),
        ] {
            assert!(
                signature
                    .sign(&key)
                    .unwrap_err()
                    .to_string()
                    .contains("zero byte")
            );
        }
    }
}
