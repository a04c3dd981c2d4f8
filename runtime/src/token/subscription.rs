//! Subscription tokens.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::claims::{Claims, Payload, common};
use super::error::TokenError;
use super::key::Key;
use super::options::{Options, Written};
use crate::time::Time;

/// Lets a user's client subscribe to a channel.
///
/// ```
/// # fn main() -> Result<(), centrifugo::token::TokenError> {
/// use std::time::Duration;
/// use centrifugo::token::{Key, Options, Subscription};
///
/// let token = Subscription::user("42", "chat:1")
///     .options(Options::new().info(&"moderator").join_leave(true))
///     .expires_in(Duration::from_secs(3600))
///     .sign(&Key::hs256("secret"))?;
/// # assert!(!token.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Subscription {
    claims: Claims,
    channel: String,
    options: Options,
    allow: Payload,
}

#[derive(Serialize)]
struct All {
    #[serde(flatten)]
    claims: Claims,
    channel: String,
    #[serde(flatten)]
    options: Written,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow: Option<Value>,
}

impl Subscription {
    /// For this user, who must be that of the connection (`sub`), and this channel.
    pub fn user(id: impl Into<String>, channel: impl Into<String>) -> Self {
        Self {
            claims: Claims {
                sub: id.into(),
                ..Claims::default()
            },
            channel: channel.into(),
            options: Options::new(),
            allow: Payload::default(),
        }
    }

    /// For anonymous connections: an empty `sub`.
    pub fn anonymous(channel: impl Into<String>) -> Self {
        Self::user("", channel)
    }

    common!("subscription");

    /// Options of the subscription: `info`, `data` and what takes the place of the namespace's settings (`override`).
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// What the client may do in the channel: [capabilities](https://centrifugal.dev/docs/pro/capabilities) such as `pub`
    /// (`allow`, Centrifugo PRO).
    pub fn allow<T: Serialize + ?Sized>(mut self, allow: &T) -> Self {
        self.allow = Payload::json(allow);
        self
    }

    /// The token.
    ///
    /// # Errors
    ///
    /// When a claim can't be written as JSON, or the key does not sign.
    pub fn sign(self, key: &Key) -> Result<String, TokenError> {
        key.sign(&All {
            claims: self.claims,
            channel: self.channel,
            options: self.options.finish()?,
            allow: self.allow.finish("allow")?.0,
        })
    }
}
