//! Subscription tokens.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::claims::{Claims, Payload, common, unix_seconds};
use super::key::Key;
use super::subscription_options::{OptionClaims, SubscriptionOptions};
use super::token_error::TokenError;
use crate::time::Time;

/// A token with which a client subscribes to a channel.
///
/// ```
/// # fn main() -> Result<(), centrifugo::token::TokenError> {
/// use std::time::Duration;
/// use centrifugo::token::{Key, SubscriptionOptions, SubscriptionToken};
///
/// let token = SubscriptionToken::user("42", "chat:1")
///     .options(SubscriptionOptions::new().info(&"moderator").join_leave(true))
///     .expires_in(Duration::from_secs(3600))
///     .sign(&Key::hs256("secret"))?;
/// # assert!(!token.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a token is made by `sign`"]
pub struct SubscriptionToken {
    claims: Claims,
    channel: String,
    options: SubscriptionOptions,
    allow: Payload,
}

#[derive(Serialize)]
struct SubscriptionClaims {
    #[serde(flatten)]
    claims: Claims,
    channel: String,
    #[serde(flatten)]
    options: OptionClaims,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow: Option<Value>,
}

impl SubscriptionToken {
    /// Creates a token for this channel and this user (`sub`), who must be the user of the connection.
    pub fn user(id: impl Into<String>, channel: impl Into<String>) -> Self {
        Self {
            claims: Claims {
                sub: id.into(),
                ..Claims::default()
            },
            channel: channel.into(),
            options: SubscriptionOptions::new(),
            allow: Payload::default(),
        }
    }

    /// Creates a token for this channel and anonymous connections (an empty `sub`).
    pub fn anonymous(channel: impl Into<String>) -> Self {
        Self::user("", channel)
    }

    common!("subscription");

    /// Sets the options of the subscription: `info`, `data`, and overrides of the namespace's settings (`override`).
    pub fn options(mut self, options: SubscriptionOptions) -> Self {
        self.options = options;
        self
    }

    /// Sets the [capabilities](https://centrifugal.dev/docs/pro/capabilities) of the client in the channel, such as
    /// `pub` (`allow`, Centrifugo PRO).
    pub fn allow<T: Serialize + ?Sized>(mut self, allow: &T) -> Self {
        self.allow = Payload::json(allow);
        self
    }

    /// Returns the signed token.
    ///
    /// # Errors
    ///
    /// Fails if a claim cannot be written as JSON, or if signing fails.
    pub fn sign(self, key: &Key) -> Result<String, TokenError> {
        key.sign(&SubscriptionClaims {
            claims: self.claims,
            channel: self.channel,
            options: self.options.finish()?,
            allow: self.allow.finish("allow")?.0,
        })
    }
}
