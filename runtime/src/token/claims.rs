//! Claims that connection and subscription tokens share.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;

use super::token_error::TokenError;
use crate::time::Time;

/// The last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// Returns a time as Unix seconds, at most the end of the year 9999. Centrifugo would read a later time as a past one.
pub(super) fn unix_seconds(time: impl Into<Time>) -> i64 {
    time.into().unix_seconds().min(LAST_SECOND)
}

/// The claims of RFC 7519, and `expire_at`.
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

/// Application data. A value that cannot be serialized is reported when the token is signed.
#[derive(Clone, Debug, Default)]
pub(super) struct Payload(Option<Result<PayloadClaim, Arc<serde_json::Error>>>);

#[derive(Clone, Debug)]
enum PayloadClaim {
    Json(Value),
    Base64(String),
}

impl Payload {
    pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        Self(Some(
            serde_json::to_value(value)
                .map(PayloadClaim::Json)
                .map_err(Arc::new),
        ))
    }

    pub(super) fn bytes(bytes: &[u8]) -> Self {
        Self(Some(Ok(PayloadClaim::Base64(STANDARD.encode(bytes)))))
    }

    /// Returns the value of the claim `name`, and that of the claim `b64name`. At most one of them is set.
    pub(super) fn finish(self, name: &str) -> Result<(Option<Value>, Option<String>), TokenError> {
        match self.0 {
            None => Ok((None, None)),
            Some(Ok(PayloadClaim::Json(value))) => Ok((Some(value), None)),
            Some(Ok(PayloadClaim::Base64(text))) => Ok((None, Some(text))),
            Some(Err(error)) => {
                let text = format!("the claim `{name}` cannot be written as JSON: {error}");
                Err(TokenError::with_source(text, error as Arc<_>))
            }
        }
    }
}

/// Builder methods that connection and subscription tokens share.
macro_rules! common {
    ($what:literal) => {
        #[doc = concat!("Sets the time at which the token and the ", $what, " expire (`exp`).")]
        ///
        /// The client then requests a new token. By default the token never expires.
        pub fn expires_at(mut self, time: impl Into<Time>) -> Self {
            self.claims.exp = Some(unix_seconds(time));
            self
        }

        #[doc = concat!("Sets the time for which the token and the ", $what, " are valid, from now on (`exp`).")]
        pub fn expires_in(self, duration: Duration) -> Self {
            self.expires_at(Time::after(duration))
        }

        #[doc = concat!("Sets the time at which the ", $what, " expires (`expire_at`), independently of the token.")]
        pub fn ends_at(mut self, time: impl Into<Time>) -> Self {
            self.claims.expire_at = Some(unix_seconds(time));
            self
        }

        #[doc = concat!("Makes the ", $what, " never expire (`expire_at` 0), even if the token expires.")]
        pub fn never_ends(self) -> Self {
            self.ends_at(Time::from_unix_seconds(0))
        }

        /// Sets the time at which the token was issued (`iat`). Centrifugo PRO revokes tokens by this time.
        pub fn issued_at(mut self, time: impl Into<Time>) -> Self {
            self.claims.iat = Some(unix_seconds(time));
            self
        }

        /// Sets the id of the token (`jti`). Centrifugo PRO revokes tokens by this id.
        pub fn id(mut self, jti: impl Into<String>) -> Self {
            self.claims.jti = Some(jti.into());
            self
        }

        /// Adds an audience (`aud`). Centrifugo checks it if `client.token.audience` is set.
        pub fn audience(mut self, audience: impl Into<String>) -> Self {
            self.claims.aud.push(audience.into());
            self
        }

        /// Sets the issuer (`iss`). Centrifugo checks it if `client.token.issuer` is set.
        pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
            self.claims.iss = Some(issuer.into());
            self
        }
    };
}
pub(super) use common;
