//! An event, as it is written by hand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Data;
use crate::description::Event;

/// An event for a program. Fields that the kind does not have are [ignored](super::unused_fields).
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Invocation {
    /// The kind of the event.
    pub kind: Event,
    /// The channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The method of an rpc.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The id of the user. Without one, the client is anonymous.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The id of the client. Without one, a random id is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The transport of the client, `websocket` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transport: Option<String>,
    /// The protocol of the client.
    #[serde(default)]
    pub protocol: Protocol,
    /// The metadata of the event, such as headers that Centrifugo forwards.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The meta of the connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<Data>,
    /// The data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Data>,
    /// The token of a subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The key in a map channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The items of a shared poll channel that Centrifugo has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<PollItem>,
    /// The changes of channel states. Without any, `channel` was occupied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<ChannelEvent>,
    /// Whether the stream is opened in both directions.
    #[serde(default)]
    pub two_way: bool,
    /// The time limit that the caller sets, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
}

impl Invocation {
    /// Starts with an event of an anonymous client.
    pub fn new(kind: Event) -> Self {
        Self {
            kind,
            channel: None,
            method: None,
            user: None,
            client: None,
            transport: None,
            protocol: Protocol::default(),
            headers: BTreeMap::new(),
            meta: None,
            data: None,
            token: None,
            key: None,
            items: Vec::new(),
            events: Vec::new(),
            two_way: false,
            timeout_ms: None,
        }
    }
}

/// The protocol of a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// JSON.
    #[default]
    Json,
    /// Protobuf. Data may be any bytes.
    Protobuf,
}

/// An item of a shared poll channel.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PollItem {
    /// The key.
    pub key: String,
    /// The version that Centrifugo has.
    #[serde(default)]
    pub version: u64,
}

/// A change of the state of a channel.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ChannelEvent {
    /// The channel.
    pub channel: String,
    /// What happened: `occupied` or `vacated`.
    #[serde(rename = "type")]
    pub event_type: String,
    /// When it happened, in milliseconds since 1970.
    #[serde(default)]
    pub time_ms: i64,
}
