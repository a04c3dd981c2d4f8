//! Connection tokens.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::claims::{Claims, Payload, common};
use super::error::TokenError;
use super::key::Key;
use super::options::{Options, Written};
use crate::time::Time;

/// Lets a client connect as a user.
///
/// ```
/// # fn main() -> Result<(), centrifugo::token::TokenError> {
/// use std::time::Duration;
/// use centrifugo::token::{Connection, Key, Options};
///
/// let token = Connection::user("42")
///     .info(&"ann")
///     .expires_in(Duration::from_secs(3600))
///     .subscription("news", Options::new())
///     .sign(&Key::hs256("secret"))?;
/// # assert!(!token.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Connection {
    claims: Claims,
    info: Payload,
    meta: Payload,
    channels: Vec<String>,
    subs: BTreeMap<String, Options>,
    caps: Payload,
    labels: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct All {
    #[serde(flatten)]
    claims: Claims,
    #[serde(skip_serializing_if = "Option::is_none")]
    info: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    b64info: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    channels: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    subs: BTreeMap<String, Written>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caps: Option<Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
}

impl Connection {
    /// For this user (`sub`).
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

    /// For nobody in particular: an empty `sub`.
    pub fn anonymous() -> Self {
        Self::user("")
    }

    common!("connection");

    /// What other clients see of this one.
    pub fn info<T: Serialize + ?Sized>(mut self, info: &T) -> Self {
        self.info = Payload::json(info);
        self
    }

    /// The same as bytes (`b64info`), for clients on the protobuf protocol.
    pub fn info_bytes(mut self, info: impl AsRef<[u8]>) -> Self {
        self.info = Payload::bytes(info.as_ref());
        self
    }

    /// A JSON object that later events of the connection carry and clients never see.
    pub fn meta<T: Serialize + ?Sized>(mut self, meta: &T) -> Self {
        self.meta = Payload::json(meta);
        self
    }

    /// A channel that the client is subscribed to at once (`channels`, or `subs` beside others with options): no permission to
    /// subscribe.
    pub fn channel(mut self, channel: impl Into<String>) -> Self {
        self.channels.push(channel.into());
        self
    }

    /// The same with options (`subs`).
    pub fn subscription(mut self, channel: impl Into<String>, options: Options) -> Self {
        self.subs.insert(channel.into(), options);
        self
    }

    /// What the client may do in which channels: a list of
    /// [capabilities](https://centrifugal.dev/docs/pro/capabilities) (`caps`, Centrifugo PRO).
    pub fn caps<T: Serialize + ?Sized>(mut self, caps: &T) -> Self {
        self.caps = Payload::json(caps);
        self
    }

    /// A label of the connection (`labels`, Centrifugo PRO).
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(name.into(), value.into());
        self
    }

    /// The token.
    ///
    /// # Errors
    ///
    /// When a claim can't be written as JSON, or the key does not sign.
    pub fn sign(mut self, key: &Key) -> Result<String, TokenError> {
        let (info, b64info) = self.info.finish("info")?;
        // Centrifugo looks at one of the two claims.
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
        key.sign(&All {
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
