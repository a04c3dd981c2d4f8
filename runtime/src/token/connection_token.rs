//! Connection tokens.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::claims::{Claims, Payload, common, unix_seconds};
use super::key::Key;
use super::subscription_options::{OptionClaims, SubscriptionOptions};
use super::token_error::TokenError;
use crate::time::Time;

/// A token with which a client connects as a user.
///
/// ```
/// # fn main() -> Result<(), centrifugo::token::TokenError> {
/// use std::time::Duration;
/// use centrifugo::token::{ConnectionToken, Key, SubscriptionOptions};
///
/// let token = ConnectionToken::user("42")
///     .info(&"ann")
///     .expires_in(Duration::from_secs(3600))
///     .subscription("news", SubscriptionOptions::new())
///     .sign(&Key::hs256("secret"))?;
/// # assert!(!token.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a token is made by `sign`"]
pub struct ConnectionToken {
    claims: Claims,
    info: Payload,
    meta: Payload,
    channels: Vec<String>,
    subs: BTreeMap<String, SubscriptionOptions>,
    caps: Payload,
    labels: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct ConnectionClaims {
    #[serde(flatten)]
    claims: Claims,
    #[serde(skip_serializing_if = "Option::is_none")]
    info: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    b64info: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    channels: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    subs: BTreeMap<String, OptionClaims>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caps: Option<Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
}

impl ConnectionToken {
    /// Creates a token for this user (`sub`).
    pub fn user(id: impl Into<String>) -> Self {
        Self {
            claims: Claims {
                sub: id.into(),
                ..Claims::default()
            },
            info: Payload::default(),
            meta: Payload::default(),
            channels: Vec::new(),
            subs: BTreeMap::new(),
            caps: Payload::default(),
            labels: BTreeMap::new(),
        }
    }

    /// Creates a token for an anonymous connection (an empty `sub`).
    pub fn anonymous() -> Self {
        Self::user("")
    }

    common!("connection");

    /// Sets the info that other clients see of this connection (`info`), as JSON.
    pub fn info<T: Serialize + ?Sized>(mut self, info: &T) -> Self {
        self.info = Payload::json(info);
        self
    }

    /// Sets the info that other clients see of this connection as bytes (`b64info`), for clients on the protobuf
    /// protocol.
    pub fn info_bytes(mut self, info: impl AsRef<[u8]>) -> Self {
        self.info = Payload::bytes(info.as_ref());
        self
    }

    /// Sets the meta: a JSON object that later events of the connection carry and that clients never see (`meta`).
    pub fn meta<T: Serialize + ?Sized>(mut self, meta: &T) -> Self {
        self.meta = Payload::json(meta);
        self
    }

    /// Adds a channel to which the server subscribes the client when it connects (`channels`).
    ///
    /// If another channel has options, the claim is `subs`. The claim does not allow the client to subscribe by itself.
    pub fn channel(mut self, channel: impl Into<String>) -> Self {
        self.channels.push(channel.into());
        self
    }

    /// Adds a channel, with options, to which the server subscribes the client when it connects (`subs`).
    pub fn subscription(mut self, channel: impl Into<String>, options: SubscriptionOptions) -> Self {
        self.subs.insert(channel.into(), options);
        self
    }

    /// Sets the list of [capabilities](https://centrifugal.dev/docs/pro/capabilities) of the client in channels
    /// (`caps`, Centrifugo PRO).
    pub fn caps<T: Serialize + ?Sized>(mut self, caps: &T) -> Self {
        self.caps = Payload::json(caps);
        self
    }

    /// Adds a label of the connection (`labels`, Centrifugo PRO).
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(name.into(), value.into());
        self
    }

    /// Returns the signed token.
    ///
    /// # Errors
    ///
    /// Fails if a claim cannot be written as JSON, or if signing fails.
    pub fn sign(mut self, key: &Key) -> Result<String, TokenError> {
        let (info, b64info) = self.info.finish("info")?;
        // Centrifugo ignores `channels` if the token has `subs`.
        if !self.subs.is_empty() {
            for channel in self.channels.drain(..) {
                self.subs.entry(channel).or_default();
            }
        }
        let subs = self
            .subs
            .into_iter()
            .map(|(channel, options)| options.finish().map(|options| (channel, options)))
            .collect::<Result<_, _>>()?;
        key.sign(&ConnectionClaims {
            claims: self.claims,
            info,
            b64info,
            channels: self.channels,
            subs,
            meta: self.meta.finish("meta")?.0,
            caps: self.caps.finish("caps")?.0,
            labels: self.labels,
        })
    }
}
