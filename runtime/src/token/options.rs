//! What a token says of one subscription.

use serde::Serialize;
use serde_json::Value;

use super::claims::Payload;
use super::error::TokenError;

/// Options of a server-side subscription in a [`Connection`](super::Connection) token.
///
/// ```
/// use centrifugo::token::{Connection, Options};
///
/// let token = Connection::user("42").subscription("news", Options::new().data(&"welcome").presence(false));
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Options {
    info: Payload,
    data: Payload,
    overrides: Overrides,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Overrides {
    #[serde(skip_serializing_if = "Option::is_none")]
    presence: Option<On>,
    #[serde(skip_serializing_if = "Option::is_none")]
    join_leave: Option<On>,
    #[serde(skip_serializing_if = "Option::is_none")]
    force_recovery: Option<On>,
    #[serde(skip_serializing_if = "Option::is_none")]
    force_positioning: Option<On>,
    #[serde(skip_serializing_if = "Option::is_none")]
    force_push_join_leave: Option<On>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct On {
    value: bool,
}

/// As they stand in a token.
#[derive(Debug, Default, Serialize)]
pub(super) struct Written {
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

impl Options {
    /// No options.
    pub fn new() -> Self {
        Self::default()
    }

    /// What other clients see of this one in the channel.
    pub fn info<T: Serialize + ?Sized>(mut self, info: &T) -> Self {
        self.info = Payload::json(info);
        self
    }

    /// The same as bytes, for clients on the protobuf protocol.
    pub fn info_bytes(mut self, info: impl AsRef<[u8]>) -> Self {
        self.info = Payload::bytes(info.as_ref());
        self
    }

    /// What the client gets with the subscription.
    pub fn data<T: Serialize + ?Sized>(mut self, data: &T) -> Self {
        self.data = Payload::json(data);
        self
    }

    /// The same as bytes, for clients on the protobuf protocol.
    pub fn data_bytes(mut self, data: impl AsRef<[u8]>) -> Self {
        self.data = Payload::bytes(data.as_ref());
        self
    }

    /// Whether the channel keeps presence, in place of its namespace's setting.
    pub fn presence(mut self, on: bool) -> Self {
        self.overrides.presence = Some(On { value: on });
        self
    }

    /// Whether joins and leaves are told, in place of the namespace's setting.
    pub fn join_leave(mut self, on: bool) -> Self {
        self.overrides.join_leave = Some(On { value: on });
        self
    }

    /// Whether the client recovers missed publications, in place of the namespace's setting.
    pub fn force_recovery(mut self, on: bool) -> Self {
        self.overrides.force_recovery = Some(On { value: on });
        self
    }

    /// Whether the client's position is checked, in place of the namespace's setting.
    pub fn force_positioning(mut self, on: bool) -> Self {
        self.overrides.force_positioning = Some(On { value: on });
        self
    }

    /// Whether joins and leaves are pushed to the client, in place of the namespace's setting.
    pub fn force_push_join_leave(mut self, on: bool) -> Self {
        self.overrides.force_push_join_leave = Some(On { value: on });
        self
    }

    pub(super) fn finish(self) -> Result<Written, TokenError> {
        let (info, b64info) = self.info.finish("info")?;
        let (data, b64data) = self.data.finish("data")?;
        let overrides = (self.overrides != Overrides::default()).then_some(self.overrides);
        Ok(Written {
            info,
            b64info,
            data,
            b64data,
            overrides,
        })
    }
}
