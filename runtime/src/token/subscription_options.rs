//! Options of a subscription in a token.

use serde::Serialize;
use serde_json::Value;

use super::claims::Payload;
use super::token_error::TokenError;

/// Options of a subscription in a [`ConnectionToken`](super::ConnectionToken) or a
/// [`SubscriptionToken`](super::SubscriptionToken).
///
/// ```
/// use centrifugo::token::{ConnectionToken, SubscriptionOptions};
///
/// let options = SubscriptionOptions::new().data(&"welcome").presence(false);
/// let token = ConnectionToken::user("42").subscription("news", options);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "options have an effect in a token"]
pub struct SubscriptionOptions {
    info: Payload,
    data: Payload,
    overrides: Overrides,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Overrides {
    #[serde(skip_serializing_if = "Option::is_none")]
    presence: Option<BoolValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    join_leave: Option<BoolValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    force_recovery: Option<BoolValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    force_positioning: Option<BoolValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    force_push_join_leave: Option<BoolValue>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct BoolValue {
    value: bool,
}

/// The claims that the options become.
#[derive(Debug, Default, Serialize)]
pub(super) struct OptionClaims {
    #[serde(skip_serializing_if = "Option::is_none")]
    info: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    b64info: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    b64data: Option<String>,
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    overrides: Option<Overrides>,
}

impl SubscriptionOptions {
    /// Creates options that do not change those of the namespace.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the info that other subscribers see of this client in the channel (`info`), as JSON.
    pub fn info<T: Serialize + ?Sized>(mut self, info: &T) -> Self {
        self.info = Payload::json(info);
        self
    }

    /// Sets the info that other subscribers see of this client as bytes (`b64info`), for clients on the protobuf
    /// protocol.
    pub fn info_bytes(mut self, info: impl AsRef<[u8]>) -> Self {
        self.info = Payload::bytes(info.as_ref());
        self
    }

    /// Sets the data that the client receives with the subscription (`data`), as JSON.
    pub fn data<T: Serialize + ?Sized>(mut self, data: &T) -> Self {
        self.data = Payload::json(data);
        self
    }

    /// Sets the data that the client receives with the subscription as bytes (`b64data`), for clients on the protobuf
    /// protocol.
    pub fn data_bytes(mut self, data: impl AsRef<[u8]>) -> Self {
        self.data = Payload::bytes(data.as_ref());
        self
    }

    /// Overrides whether the client is in the channel's presence.
    pub fn presence(mut self, on: bool) -> Self {
        self.overrides.presence = Some(BoolValue { value: on });
        self
    }

    /// Overrides whether join and leave messages are sent for the subscription.
    pub fn join_leave(mut self, on: bool) -> Self {
        self.overrides.join_leave = Some(BoolValue { value: on });
        self
    }

    /// Overrides whether the client recovers missed publications.
    pub fn force_recovery(mut self, on: bool) -> Self {
        self.overrides.force_recovery = Some(BoolValue { value: on });
        self
    }

    /// Overrides whether Centrifugo checks the client's position in the stream.
    pub fn force_positioning(mut self, on: bool) -> Self {
        self.overrides.force_positioning = Some(BoolValue { value: on });
        self
    }

    /// Overrides whether join and leave messages are pushed to the client.
    pub fn force_push_join_leave(mut self, on: bool) -> Self {
        self.overrides.force_push_join_leave = Some(BoolValue { value: on });
        self
    }

    pub(super) fn finish(self) -> Result<OptionClaims, TokenError> {
        let (info, b64info) = self.info.finish("info")?;
        let (data, b64data) = self.data.finish("data")?;
        let overrides = (self.overrides != Overrides::default()).then_some(self.overrides);
        Ok(OptionClaims {
            info,
            b64info,
            data,
            b64data,
            overrides,
        })
    }
}
