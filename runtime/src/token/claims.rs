//! Claims that both kinds of tokens have.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;

use super::error::TokenError;

/// Those of RFC 7519, and when what the token began expires.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Claims {
    pub(super) sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) jti: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) aud: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expire_at: Option<i64>,
}

/// Data of the application: a value that may have failed to become JSON, told when the token is signed.
#[derive(Clone, Debug, Default)]
pub(super) struct Payload(Option<Result<Bytes, String>>);

#[derive(Clone, Debug)]
enum Bytes {
    Json(Value),
    Base64(String),
}

impl Payload {
    pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        Self(Some(
            serde_json::to_value(value)
                .map(Bytes::Json)
                .map_err(|error| error.to_string()),
        ))
    }

    pub(super) fn bytes(bytes: &[u8]) -> Self {
        Self(Some(Ok(Bytes::Base64(STANDARD.encode(bytes)))))
    }

    /// What stands in the claim `name`, and what in `b64name`.
    pub(super) fn finish(self, name: &str) -> Result<(Option<Value>, Option<String>), TokenError> {
        match self.0 {
            None => Ok((None, None)),
            Some(Ok(Bytes::Json(value))) => Ok((Some(value), None)),
            Some(Ok(Bytes::Base64(text))) => Ok((None, Some(text))),
            Some(Err(error)) => Err(TokenError::new(format!(
                "the claim `{name}` can't be written as JSON: {error}"
            ))),
        }
    }
}

/// Builder methods of both kinds of tokens.
macro_rules! common {
    ($what:literal) => {
        #[doc = concat!("When the token expires (`exp`), and the ", $what, " with it: the client then brings a new one. Never, unless set.")]
        pub fn expires_at(mut self, time: impl Into<Time>) -> Self {
            self.claims.exp = Some(time.into().unix_seconds());
            self
        }

        /// The same from now.
        pub fn expires_in(self, duration: Duration) -> Self {
            self.expires_at(Time::after(duration))
        }

        #[doc = concat!("When the ", $what, " expires (`expire_at`), apart from the token.")]
        pub fn ends_at(mut self, time: impl Into<Time>) -> Self {
            self.claims.expire_at = Some(time.into().unix_seconds());
            self
        }

        #[doc = concat!("The ", $what, " never expires (`expire_at` 0): the token is good for one start only until it expires.")]
        pub fn never_ends(self) -> Self {
            self.ends_at(Time::from_unix_seconds(0))
        }

        /// When the token was issued (`iat`); Centrifugo PRO revokes by it. Absent, unless set.
        pub fn issued_at(mut self, time: impl Into<Time>) -> Self {
            self.claims.iat = Some(time.into().unix_seconds());
            self
        }

        /// An id of the token (`jti`); Centrifugo PRO revokes by it.
        pub fn id(mut self, jti: impl Into<String>) -> Self {
            self.claims.jti = Some(jti.into());
            self
        }

        /// Whom the token is for (`aud`), where Centrifugo checks it: `client.token.audience`. May be said several times.
        pub fn audience(mut self, audience: impl Into<String>) -> Self {
            self.claims.aud.push(audience.into());
            self
        }

        /// Who issued the token (`iss`), where Centrifugo checks it: `client.token.issuer`.
        pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
            self.claims.iss = Some(issuer.into());
            self
        }
    };
}
pub(super) use common;
