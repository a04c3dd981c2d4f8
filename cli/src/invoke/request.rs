//! The request message of an invocation.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use centrifugo_proto::proxy;
use prost::Message as _;

use super::{Invocation, InvokeError, Protocol};
use crate::description::Event;

/// Encodes the request message of an event. Of a stream, it is the one of its first message.
///
/// # Errors
///
/// Returns an error that names a field that is missing or cannot be sent.
pub(crate) fn encode_request(invocation: &Invocation) -> Result<Bytes, InvokeError> {
    let Invocation { kind, .. } = *invocation;
    let required = |name, value: &Option<String>| match value {
        Some(value) => Ok(value.clone()),
        None => Err(InvokeError::Missing { kind, name }),
    };
    let channel = || required("channel", &invocation.channel);
    let client = invocation.client.clone().unwrap_or_else(random_client);
    let transport = invocation
        .transport
        .clone()
        .unwrap_or_else(|| "websocket".to_owned());
    let protocol = match invocation.protocol {
        Protocol::Json => "json",
        Protocol::Protobuf => "protobuf",
    };
    let (protocol, encoding) = (protocol.to_owned(), "json".to_owned());
    let user = invocation.user.clone().unwrap_or_default();
    let data = bytes(invocation, "data")?;
    let meta = bytes(invocation, "meta")?;
    // All messages of clients begin alike.
    macro_rules! client_message {
        ($name:ident { $($field:ident $(: $value:expr)?),* $(,)? }) => {
            proxy::$name { client, transport, protocol, encoding, $($field $(: $value)?,)* ..Default::default() }.encode_to_vec()
        };
    }
    let message = match kind {
        Event::Connect => client_message!(ConnectRequest { data }),
        Event::Refresh => client_message!(RefreshRequest { user, meta }),
        Event::Subscribe | Event::SubscribeStream => client_message!(SubscribeRequest {
            user,
            channel: channel()?,
            token: invocation.token.clone().unwrap_or_default(),
            meta,
            data
        }),
        Event::Publish => client_message!(PublishRequest {
            user,
            channel: channel()?,
            data,
            meta
        }),
        Event::SubRefresh => client_message!(SubRefreshRequest {
            user,
            channel: channel()?,
            meta
        }),
        Event::Rpc => client_message!(RpcRequest {
            user,
            method: required("method", &invocation.method)?,
            data,
            meta
        }),
        Event::MapPublish => client_message!(MapPublishRequest {
            user,
            channel: channel()?,
            key: required("key", &invocation.key)?,
            data,
            meta
        }),
        Event::MapRemove => client_message!(MapRemoveRequest {
            user,
            channel: channel()?,
            key: required("key", &invocation.key)?,
            meta
        }),
        Event::NotifyCacheEmpty => proxy::NotifyCacheEmptyRequest { channel: channel()? }.encode_to_vec(),
        Event::NotifyChannelState => {
            let events = channel_events(invocation, channel)?;
            proxy::NotifyChannelStateRequest { events }.encode_to_vec()
        }
        Event::SharedPollRefresh => {
            let items = invocation.items.iter().map(|item| proxy::SharedPollRefreshItem {
                key: item.key.clone(),
                version: item.version,
            });
            proxy::SharedPollRefreshRequest {
                channel: channel()?,
                items: items.collect(),
            }
            .encode_to_vec()
        }
    };
    Ok(message.into())
}

fn bytes(invocation: &Invocation, name: &'static str) -> Result<Bytes, InvokeError> {
    let value = match name {
        "meta" => &invocation.meta,
        _ => &invocation.data,
    };
    match value {
        Some(value) if invocation.protocol == Protocol::Json && !value.is_json() => {
            Err(InvokeError::NotJson { name })
        }
        Some(value) => Ok(value.to_bytes()),
        None => Ok(Bytes::new()),
    }
}

fn channel_events(
    invocation: &Invocation,
    channel: impl Fn() -> Result<String, InvokeError>,
) -> Result<Vec<proxy::ChannelEvent>, InvokeError> {
    let now = now_ms();
    if invocation.events.is_empty() {
        return Ok(vec![proxy::ChannelEvent {
            time_ms: now,
            channel: channel()?,
            r#type: "occupied".to_owned(),
        }]);
    }
    let events = invocation.events.iter().map(|event| proxy::ChannelEvent {
        time_ms: if event.time_ms == 0 { now } else { event.time_ms },
        channel: event.channel.clone(),
        r#type: event.event_type.clone(),
    });
    Ok(events.collect())
}

fn now_ms() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// Returns a random id in the form of Centrifugo's ids.
fn random_client() -> String {
    let random = || RandomState::new().hash_one(now_ms());
    let (a, b) = (random(), random());
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        b >> 52,
        b & 0xffff_ffff_ffff
    )
}

/// Returns the names of the fields that are set and that events of this kind do not have.
pub fn unused_fields(invocation: &Invocation) -> Vec<&'static str> {
    use Event::{
        Connect, MapPublish, MapRemove, NotifyCacheEmpty, NotifyChannelState, Publish, Refresh, Rpc,
        SharedPollRefresh, Subscribe, SubscribeStream,
    };
    let kind = invocation.kind;
    let is_of_client = !matches!(kind, NotifyChannelState | NotifyCacheEmpty | SharedPollRefresh);
    let has_data = matches!(
        kind,
        Connect | Subscribe | Publish | Rpc | MapPublish | SubscribeStream
    );
    let fields = [
        (
            "channel",
            invocation.channel.is_some(),
            !matches!(kind, Connect | Refresh | Rpc),
        ),
        ("method", invocation.method.is_some(), kind == Rpc),
        ("user", invocation.user.is_some(), is_of_client && kind != Connect),
        ("client", invocation.client.is_some(), is_of_client),
        ("transport", invocation.transport.is_some(), is_of_client),
        ("meta", invocation.meta.is_some(), is_of_client && kind != Connect),
        ("data", invocation.data.is_some(), has_data),
        (
            "token",
            invocation.token.is_some(),
            matches!(kind, Subscribe | SubscribeStream),
        ),
        (
            "key",
            invocation.key.is_some(),
            matches!(kind, MapPublish | MapRemove),
        ),
        ("items", !invocation.items.is_empty(), kind == SharedPollRefresh),
        (
            "events",
            !invocation.events.is_empty(),
            kind == NotifyChannelState,
        ),
        ("two_way", invocation.two_way, kind == SubscribeStream),
    ];
    let unused = fields
        .into_iter()
        .filter(|(_, is_set, is_used)| *is_set && !is_used);
    unused.map(|(name, ..)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invocation(text: &str) -> Invocation {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn encodes_what_centrifugo_sends() {
        let invocation = invocation(
            r#"{ "kind": "rpc", "method": "echo", "user": "42", "client": "c1", "data": {"b": 1.0}, "meta": [1], "key": null }"#,
        );
        let message = proxy::RpcRequest::decode(encode_request(&invocation).unwrap()).unwrap();
        let expected = proxy::RpcRequest {
            client: "c1".into(),
            transport: "websocket".into(),
            protocol: "json".into(),
            encoding: "json".into(),
            user: "42".into(),
            method: "echo".into(),
            data: r#"{"b": 1.0}"#.into(),
            meta: "[1]".into(),
            ..Default::default()
        };
        assert_eq!(message, expected);
    }

    #[test]
    fn names_what_is_missing() {
        for (text, part) in [
            (r#"{ "kind": "rpc" }"#, "method"),
            (r#"{ "kind": "subscribe" }"#, "channel"),
            (r#"{ "kind": "notify_channel_state" }"#, "channel"),
            (r#"{ "kind": "map_remove", "channel": "a" }"#, "key"),
            (r#"{ "kind": "connect", "data": { "$bytes": "" } }"#, "protobuf"),
        ] {
            let error = encode_request(&invocation(text)).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn names_fields_that_the_kind_does_not_have() {
        let text = r#"{ "kind": "connect", "user": "1", "channel": "a", "data": 1, "transport": "sse" }"#;
        assert_eq!(unused_fields(&invocation(text)), ["channel", "user"]);
    }

    #[test]
    fn clients_are_random() {
        let client = random_client();
        assert_eq!(client.len(), 36, "{client}");
        assert_ne!(client, random_client());
    }
}
