//! Requests of all kinds in one form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use centrifugo_proto::proxy;
use prost::{DecodeError, Message};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::description::Event;

/// What the request of an event says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RequestView {
    pub(crate) client: String,
    pub(crate) transport: String,
    pub(crate) protocol: String,
    pub(crate) encoding: String,
    pub(crate) user: String,
    pub(crate) channel: String,
    pub(crate) method: String,
    pub(crate) token: String,
    pub(crate) data: Bytes,
    pub(crate) meta: Bytes,
    /// The other fields, by their names.
    others: Vec<(&'static str, Value)>,
}

/// Moves the fields of these names, which are the same in a message and in the view.
macro_rules! view {
    ($message:ident: $($field:ident),*; $($other:ident),*) => {
        RequestView {
            $($field: $message.$field,)*
            others: vec![$((stringify!($other), json!($message.$other)),)*],
            ..RequestView::default()
        }
    };
}

impl RequestView {
    /// Decodes the request of an event.
    pub(crate) fn decode(kind: Event, bytes: Bytes) -> Result<Self, DecodeError> {
        let mut base64 = String::new();
        let mut view = match kind {
            Event::Connect => {
                let request = proxy::ConnectRequest::decode(bytes)?;
                base64 = request.b64data;
                view!(request: client, transport, protocol, encoding, data; name, version, channels)
            }
            Event::Refresh => {
                let request = proxy::RefreshRequest::decode(bytes)?;
                view!(request: client, transport, protocol, encoding, user, meta; labels)
            }
            Event::Subscribe => {
                let request = proxy::SubscribeRequest::decode(bytes)?;
                return Ok(Self::of_subscription(request));
            }
            Event::SubscribeStream => {
                // A stream in both directions begins with a message that holds the request.
                return Self::of_stream(bytes);
            }
            Event::Publish => {
                let request = proxy::PublishRequest::decode(bytes)?;
                base64 = request.b64data;
                view!(request: client, transport, protocol, encoding, user, channel, data, meta; labels)
            }
            Event::SubRefresh => {
                let request = proxy::SubRefreshRequest::decode(bytes)?;
                view!(request: client, transport, protocol, encoding, user, channel, meta; labels)
            }
            Event::Rpc => {
                let request = proxy::RpcRequest::decode(bytes)?;
                base64 = request.b64data;
                view!(request: client, transport, protocol, encoding, user, method, data, meta; labels)
            }
            Event::MapPublish => {
                let request = proxy::MapPublishRequest::decode(bytes)?;
                base64 = request.b64data;
                view!(request: client, transport, protocol, encoding, user, channel, data, meta; key, labels)
            }
            Event::MapRemove => {
                let request = proxy::MapRemoveRequest::decode(bytes)?;
                view!(request: client, transport, protocol, encoding, user, channel, meta; key, labels)
            }
            Event::NotifyCacheEmpty => {
                let request = proxy::NotifyCacheEmptyRequest::decode(bytes)?;
                view!(request: channel;)
            }
            Event::NotifyChannelState => {
                let request = proxy::NotifyChannelStateRequest::decode(bytes)?;
                let events: Vec<_> = request
                    .events
                    .into_iter()
                    .map(|event| json!({ "time_ms": event.time_ms, "channel": event.channel, "type": event.r#type }))
                    .collect();
                Self {
                    others: vec![("events", events.into())],
                    ..Self::default()
                }
            }
            Event::SharedPollRefresh => {
                let request = proxy::SharedPollRefreshRequest::decode(bytes)?;
                let items: Vec<_> = request
                    .items
                    .into_iter()
                    .map(|item| json!({ "key": item.key, "version": item.version }))
                    .collect();
                Self {
                    channel: request.channel,
                    others: vec![("items", items.into())],
                    ..Self::default()
                }
            }
        };
        view.take_base64(&base64);
        Ok(view)
    }

    /// Reads the first message of a stream: the request itself (one direction), or a message around it (both directions).
    fn of_stream(bytes: Bytes) -> Result<Self, DecodeError> {
        // Field 1 of both is the client's id or the request. An id is a UUID, which is no valid request.
        if let Ok(message) = proxy::StreamSubscribeRequest::decode(bytes.clone())
            && let Some(request) = message.subscribe_request
        {
            return Ok(Self::of_subscription(request));
        }
        proxy::SubscribeRequest::decode(bytes).map(Self::of_subscription)
    }

    fn of_subscription(request: proxy::SubscribeRequest) -> Self {
        let base64 = request.b64data;
        let mut view =
            view!(request: client, transport, protocol, encoding, user, channel, token, data, meta; labels);
        view.take_base64(&base64);
        view
    }

    fn take_base64(&mut self, base64: &str) {
        if !base64.is_empty()
            && let Ok(data) = STANDARD.decode(base64)
        {
            self.data = data.into();
        }
    }

    /// Returns the channel or the method.
    pub(crate) fn target(&self) -> &str {
        if self.channel.is_empty() {
            &self.method
        } else {
            &self.channel
        }
    }

    /// Returns the message as JSON, with the names of the .proto file. The token is left out.
    pub(crate) fn to_json(&self) -> String {
        let texts = [
            ("client", &self.client),
            ("transport", &self.transport),
            ("protocol", &self.protocol),
            ("encoding", &self.encoding),
            ("user", &self.user),
            ("channel", &self.channel),
            ("method", &self.method),
        ];
        let mut members: Vec<String> = texts
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| format!("\"{name}\":{}", json!(text)))
            .collect();
        for (name, bytes) in [("data", &self.data), ("meta", &self.meta)] {
            if bytes.is_empty() {
                continue;
            }
            match serde_json::from_slice::<&RawValue>(bytes) {
                Ok(json) => members.push(format!("\"{name}\":{json}")),
                Err(_) if name == "data" => {
                    members.push(format!("\"b64data\":\"{}\"", STANDARD.encode(bytes)));
                }
                Err(_) => {}
            }
        }
        let others = self.others.iter().filter(|(_, value)| !is_empty(value));
        members.extend(others.map(|(name, value)| format!("\"{name}\":{value}")));
        format!("{{{}}}", members.join(","))
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_json_that_is_the_same_message() {
        let request = proxy::RpcRequest {
            client: "c".into(),
            user: "42".into(),
            method: "user/get".into(),
            data: Bytes::from_static(b"{\"n\":12345678901234567890123}"),
            meta: Bytes::from_static(b"[1]"),
            labels: [("a".to_owned(), "b".to_owned())].into(),
            ..Default::default()
        };
        let view = RequestView::decode(Event::Rpc, request.encode_to_vec().into()).unwrap();
        assert_eq!(view.target(), "user/get");
        let read: proxy::RpcRequest = serde_json::from_str(&view.to_json()).unwrap();
        assert_eq!(read, request);
    }

    #[test]
    fn writes_binary_data_as_base64() {
        let request = proxy::ConnectRequest {
            data: Bytes::from_static(&[0, 255]),
            channels: vec!["a".into()],
            ..Default::default()
        };
        let view = RequestView::decode(Event::Connect, request.encode_to_vec().into()).unwrap();
        assert_eq!(view.to_json(), r#"{"b64data":"AP8=","channels":["a"]}"#);
    }

    #[test]
    fn reads_streams_in_one_direction_and_both() {
        let subscribe_request = proxy::SubscribeRequest {
            client: "f00c4b2e-7c8a-4b6e-9d39-1c2f0f1c7a11".into(),
            channel: "chat:1".into(),
            user: "42".into(),
            ..Default::default()
        };
        let both = proxy::StreamSubscribeRequest {
            subscribe_request: Some(subscribe_request.clone()),
            publication: None,
        };
        for bytes in [subscribe_request.encode_to_vec(), both.encode_to_vec()] {
            let view = RequestView::decode(Event::SubscribeStream, bytes.into()).unwrap();
            assert_eq!((view.channel.as_str(), view.user.as_str()), ("chat:1", "42"));
        }
    }
}
