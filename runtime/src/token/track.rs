//! Signatures of what a client of a shared poll asks for.

use std::time::{Duration, SystemTime};

use super::error::TokenError;
use super::key::Key;
use crate::time::Time;

/// Lets a user's client ask for these keys of a
/// [shared poll](https://centrifugal.dev/docs/server/shared_poll): a signature to hand to the client, which shows it to
/// Centrifugo with the keys.
///
/// It is no JWT, but serves alike. The secret is `shared_poll.hmac_secret_key` in Centrifugo's configuration.
///
/// ```
/// # fn main() -> Result<(), centrifugo::token::TokenError> {
/// use std::time::Duration;
/// use centrifugo::token::{Key, Track};
///
/// let key = Key::hs256("shared_poll.hmac_secret_key");
/// let signature = Track::user("42", "prices:metals")
///     .keys(["gold", "tin"])
///     .expires_in(Duration::from_secs(3600))
///     .sign(&key)?;
/// assert_eq!(signature.split(':').count(), 3);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Track {
    user: String,
    channel: String,
    keys: Vec<String>,
    issued_at: i64,
    expires_at: i64,
}

/// Stands between what is signed.
const BETWEEN: &str = "\0";

impl Track {
    /// For this user, who must be that of the connection, and this channel. Issued now, unless set.
    pub fn user(id: impl Into<String>, channel: impl Into<String>) -> Self {
        Self {
            user: id.into(),
            channel: channel.into(),
            keys: Vec::new(),
            issued_at: Time::from(SystemTime::now()).unix_seconds(),
            expires_at: 0,
        }
    }

    /// For anonymous connections.
    pub fn anonymous(channel: impl Into<String>) -> Self {
        Self::user("", channel)
    }

    /// Further keys. The client has to ask for all of them, in this order.
    pub fn keys<I: IntoIterator<Item: Into<String>>>(mut self, keys: I) -> Self {
        self.keys.extend(keys.into_iter().map(Into::into));
        self
    }

    /// When Centrifugo stops to tell the client of these keys, unless it brings a new signature. Never, unless set.
    pub fn expires_at(mut self, time: impl Into<Time>) -> Self {
        self.expires_at = time.into().unix_seconds();
        self
    }

    /// The same from now.
    pub fn expires_in(self, duration: Duration) -> Self {
        self.expires_at(Time::after(duration))
    }

    /// When it was issued, in place of now. Centrifugo compares it with
    /// `shared_poll.hmac_previous_secret_key_valid_until` while it knows two secrets.
    pub fn issued_at(mut self, time: impl Into<Time>) -> Self {
        self.issued_at = time.into().unix_seconds();
        self
    }

    /// The signature.
    ///
    /// # Errors
    ///
    /// When the key is not one of [`Key::hs256`], or the user, the channel or a key has a zero byte.
    pub fn sign(self, key: &Key) -> Result<String, TokenError> {
        let texts = [&self.user, &self.channel];
        if texts
            .into_iter()
            .chain(&self.keys)
            .any(|text| text.contains(BETWEEN))
        {
            return Err(TokenError::new(
                "the user, the channel or a key of a shared poll has a zero byte",
            ));
        }
        let keys = hex(&sha256(self.keys.join(BETWEEN).as_bytes()));
        let (issued_at, expires_at) = (self.issued_at.to_string(), self.expires_at.to_string());
        let signed = [issued_at.as_str(), &expires_at, &self.user, &self.channel, &keys].join(BETWEEN);
        let signature = hex(&key.hmac(signed.as_bytes())?);
        Ok(format!("{issued_at}:{expires_at}:{signature}"))
    }
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes)
        .as_ref()
        .to_vec()
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
    use super::*;

    /// Made by Python's `hmac` of what Centrifugo documents.
    #[test]
    fn a_known_signature() {
        let signature = Track::user("42", "prices:metals")
            .keys(["gold", "tin"])
            .issued_at(Time::from_unix_seconds(1_700_000_000))
            .expires_at(Time::from_unix_seconds(1_800_000_000))
            .sign(&Key::hs256("secret"))
            .unwrap();
        assert_eq!(
            signature,
            "1700000000:1800000000:3839f53bfab3f00d447fe2dc9b995775743357d955d03649005ab91ab145ed18"
        );
    }

    #[test]
    fn what_could_be_read_as_something_else_is_refused() {
        let key = Key::hs256("secret");
        for track in [
            Track::user("4\x002", "c"),
            Track::user("42", "c\0d"),
            Track::anonymous("c").keys(["a\0b"]),
        ] {
            assert!(track.sign(&key).unwrap_err().to_string().contains("zero byte"));
        }
    }
}
