//! Requests of all kinds in one form.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use centrifugo_proto::proxy;
use prost::{DecodeError, Message};
use serde_json::value::RawValue;

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
    /// The key of a map.
    pub(crate) key: String,
    pub(crate) token: String,
    pub(crate) data: Bytes,
    pub(crate) meta: Bytes,
}

/// Moves the fields of these names, which are the same in a message and in the view.
macro_rules! view {
    ($message:ident: $($field:ident),*) => {
        RequestView {
            $($field: $message.$field,)*
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
                view!(request: client, transport, protocol, encoding, data)
            }
            Event::Refresh => {
                let request = proxy::RefreshRequest::decode(bytes)?;
                view!(request: client, transport, protocol, encoding, user, meta)
            }
            Event::Subscribe | Event::SubscribeStream => {
                let request = proxy::SubscribeRequest::decode(bytes)?;
                base64 = request.b64data;
                view!(request: client, transport, protocol, encoding, user, channel, token, data, meta)
            }
            Event::Publish => {
                let request = proxy::PublishRequest::decode(bytes)?;
                base64 = request.b64data;
                view!(request: client, transport, protocol, encoding, user, channel, data, meta)
            }
            Event::SubRefresh => {
                let request = proxy::SubRefreshRequest::decode(bytes)?;
                view!(request: client, transport, protocol, encoding, user, channel, meta)
            }
            Event::Rpc => {
                let request = proxy::RpcRequest::decode(bytes)?;
                base64 = request.b64data;
                view!(request: client, transport, protocol, encoding, user, method, data, meta)
            }
            Event::MapPublish => {
                let request = proxy::MapPublishRequest::decode(bytes)?;
                base64 = request.b64data;
                view!(request: client, transport, protocol, encoding, user, channel, key, data, meta)
            }
            Event::MapRemove => {
                let request = proxy::MapRemoveRequest::decode(bytes)?;
                view!(request: client, transport, protocol, encoding, user, channel, key, meta)
            }
            Event::NotifyCacheEmpty => {
                let request = proxy::NotifyCacheEmptyRequest::decode(bytes)?;
                view!(request: channel)
            }
            Event::NotifyChannelState => {
                // Its channels are in the list of events.
                proxy::NotifyChannelStateRequest::decode(bytes)?;
                Self::default()
            }
            Event::SharedPollRefresh => {
                let request = proxy::SharedPollRefreshRequest::decode(bytes)?;
                view!(request: channel)
            }
        };
        view.take_base64(&base64);
        Ok(view)
    }

    fn take_base64(&mut self, base64: &str) {
        if !base64.is_empty()
            && let Ok(data) = STANDARD.decode(base64)
        {
            self.data = data.into();
        }
    }

    /// Takes the list of a message without data, which the console shows in its place, from the message as JSON.
    pub(crate) fn take_list(&mut self, kind: Event, json: &RawValue) {
        let name = match kind {
            Event::NotifyChannelState => "events",
            Event::SharedPollRefresh => "items",
            _ => return,
        };
        let members: HashMap<&str, &RawValue> = serde_json::from_str(json.get()).unwrap_or_default();
        if let Some(list) = members.get(name) {
            self.data = Bytes::copy_from_slice(list.get().as_bytes());
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_list_of_a_message_without_data() {
        let json = RawValue::from_string(r#"{"channel":"a","items":[{"key":"gold"}]}"#.into()).unwrap();
        let mut view = RequestView::default();
        view.take_list(Event::SharedPollRefresh, &json);
        assert_eq!(&view.data[..], br#"[{"key":"gold"}]"#);
        let mut view = RequestView::default();
        view.take_list(Event::Rpc, &json);
        assert!(view.data.is_empty());
    }

    #[test]
    fn reads_the_data_in_either_field() {
        for (data, b64data) in [(&b"\0\xff"[..], ""), (b"", "AP8=")] {
            let request = proxy::RpcRequest {
                method: "user/get".into(),
                data: Bytes::copy_from_slice(data),
                b64data: b64data.into(),
                ..Default::default()
            };
            let view = RequestView::decode(Event::Rpc, request.encode_to_vec().into()).unwrap();
            assert_eq!((view.target(), &view.data[..]), ("user/get", &b"\0\xff"[..]));
        }
    }
}
