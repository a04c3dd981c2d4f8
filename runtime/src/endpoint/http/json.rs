//! Messages of the proxy service as Centrifugo writes them in JSON, read and written field by field.
//!
//! Defaults are left out, numbers of 64 bits are numbers, and application data stands inline, character by character:
//! what `proxyproto` and Go's `encoding/json` do.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use prost::Message;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeMap, SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::event::{EventKind, Kind, markers};

/// A message that can be read from JSON.
pub(super) trait FromJson: Default {
    /// Takes the value of `key`; `false` when the message has no such field.
    fn field<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error>;
}

/// A message that can be written as JSON.
pub(super) trait ToJson {
    fn fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// The encoded request that a JSON body says.
pub(super) fn request(kind: Kind, body: &[u8]) -> serde_json::Result<Bytes> {
    match kind {
        Kind::Connect => read::<markers::Connect>(body),
        Kind::Refresh => read::<markers::Refresh>(body),
        Kind::Subscribe => read::<markers::Subscribe>(body),
        Kind::Publish => read::<markers::Publish>(body),
        Kind::SubRefresh => read::<markers::SubRefresh>(body),
        Kind::Rpc => read::<markers::Rpc>(body),
        Kind::NotifyChannelState => read::<markers::NotifyChannelState>(body),
        Kind::NotifyCacheEmpty => read::<markers::NotifyCacheEmpty>(body),
        Kind::MapPublish => read::<markers::MapPublish>(body),
        Kind::MapRemove => read::<markers::MapRemove>(body),
        Kind::SharedPollRefresh => read::<markers::SharedPollRefresh>(body),
        Kind::SubscribeStream => read::<markers::SubscribeStream>(body),
    }
}

/// An encoded response as JSON.
pub(super) fn response(kind: Kind, body: Bytes) -> Result<Vec<u8>, String> {
    match kind {
        Kind::Connect => write::<markers::Connect>(body),
        Kind::Refresh => write::<markers::Refresh>(body),
        Kind::Subscribe => write::<markers::Subscribe>(body),
        Kind::Publish => write::<markers::Publish>(body),
        Kind::SubRefresh => write::<markers::SubRefresh>(body),
        Kind::Rpc => write::<markers::Rpc>(body),
        Kind::NotifyChannelState => write::<markers::NotifyChannelState>(body),
        Kind::NotifyCacheEmpty => write::<markers::NotifyCacheEmpty>(body),
        Kind::MapPublish => write::<markers::MapPublish>(body),
        Kind::MapRemove => write::<markers::MapRemove>(body),
        Kind::SharedPollRefresh => write::<markers::SharedPollRefresh>(body),
        Kind::SubscribeStream => write::<markers::SubscribeStream>(body),
    }
}

fn read<K: EventKind<Request: FromJson>>(body: &[u8]) -> serde_json::Result<Bytes> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let message = Read::<K::Request>(PhantomData).deserialize(&mut json)?;
    json.end()?;
    Ok(message.encode_to_vec().into())
}

fn write<K: EventKind<Response: ToJson>>(body: Bytes) -> Result<Vec<u8>, String> {
    let message = K::Response::decode(body).map_err(|error| error.to_string())?;
    serde_json::to_vec(&Write(&message)).map_err(|error| error.to_string())
}

/// Reads a message; `null` is one without fields.
pub(super) struct Read<T>(pub(super) PhantomData<T>);

impl<'de, T: FromJson> DeserializeSeed<'de> for Read<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: FromJson> Visitor<'de> for Read<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut message = T::default();
        while let Some(Key(key)) = map.next_key()? {
            if !message.field(&key, &mut map)? {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(message)
    }
}

/// A key, borrowed where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads a list of messages; `null` is an empty one.
pub(super) struct ReadList<T>(pub(super) PhantomData<T>);

impl<'de, T: FromJson> DeserializeSeed<'de> for ReadList<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: FromJson> Visitor<'de> for ReadList<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_unit<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(message) = seq.next_element_seed(Read(PhantomData))? {
            list.push(message);
        }
        Ok(list)
    }
}

/// JSON of any kind as it stands there, `null` among it.
pub(super) fn raw<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Bytes, A::Error> {
    let json: &RawValue = map.next_value()?;
    Ok(Bytes::copy_from_slice(json.get().as_bytes()))
}

/// Writes a message.
pub(super) struct Write<'a, T>(pub(super) &'a T);

impl<T: ToJson> Serialize for Write<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.fields(&mut map)?;
        map.end()
    }
}

/// Writes a list of messages.
pub(super) struct WriteList<'a, T>(pub(super) &'a [T]);

impl<T: ToJson> Serialize for WriteList<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(self.0.len()))?;
        for message in self.0 {
            seq.serialize_element(&Write(message))?;
        }
        seq.end()
    }
}

/// Writes a value, unless it is the default of its type.
pub(super) fn plain<M: SerializeMap, T: Default + PartialEq + Serialize>(
    map: &mut M,
    key: &'static str,
    value: &T,
) -> Result<(), M::Error> {
    if *value == T::default() {
        return Ok(());
    }
    map.serialize_entry(key, value)
}

/// Writes application data: inline where it is JSON, else in base 64 under `b64key`.
pub(super) fn data<M: SerializeMap>(
    map: &mut M,
    key: &'static str,
    data: &[u8],
    b64key: &'static str,
) -> Result<(), M::Error> {
    if data.is_empty() {
        return Ok(());
    }
    match serde_json::from_slice::<&RawValue>(data) {
        Ok(json) => map.serialize_entry(key, json),
        Err(_) if b64key.is_empty() => Err(M::Error::custom(format!("`{key}` is not JSON"))),
        Err(_) => map.serialize_entry(b64key, &STANDARD.encode(data)),
    }
}

#[cfg(test)]
mod tests {
    use centrifugo_proto::proxy;
    use proptest::prelude::*;

    use super::*;

    fn json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "[0-9]{1,30}",
            "-?[1-9][0-9]{0,9}\\.[0-9]{1,9}(e[+-]?[0-9]{1,3})?",
            ".{0,9}".prop_map(|text| serde_json::Value::from(text).to_string()),
            "null|true|false",
        ]
        .prop_filter("a leading zero is no number", |text| {
            serde_json::from_str::<&RawValue>(text).is_ok()
        });
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4)
                    .prop_map(|list| format!("[ {} ]", list.join(" ,"))),
                inner.prop_map(|value| format!(r#"{{"k":{value}, "k" : 1.0}}"#)),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken_or_refused(body: Vec<u8>) {
            for kind in Kind::ALL {
                let _ = request(kind, &body);
                let _ = response(kind, body.clone().into());
            }
        }

        #[test]
        fn data_stays_as_it_is_both_ways(data in json(), method in ".*") {
            let text = serde_json::Value::from(method.clone());
            let body = format!(r#"{{"method":{text},"more":[{data}],"data":{data}}}"#);
            let read = request(Kind::Rpc, body.as_bytes()).unwrap();
            let read = proxy::RpcRequest::decode(read).unwrap();
            prop_assert_eq!(&read.data[..], data.as_bytes());
            prop_assert_eq!(read.method, method);
            let result = proxy::RpcResult { data: data.clone().into(), ..Default::default() };
            let answer = proxy::RpcResponse { result: Some(result), ..Default::default() };
            let written = response(Kind::Rpc, answer.encode_to_vec().into()).unwrap();
            prop_assert_eq!(String::from_utf8(written).unwrap(), format!(r#"{{"result":{{"data":{data}}}}}"#));
        }

        #[test]
        fn what_is_not_json_is_base_64(data: Vec<u8>) {
            prop_assume!(!data.is_empty() && serde_json::from_slice::<&RawValue>(&data).is_err());
            let result = proxy::RpcResult { data: data.clone().into(), ..Default::default() };
            let answer = proxy::RpcResponse { result: Some(result), ..Default::default() };
            let written = response(Kind::Rpc, answer.encode_to_vec().into()).unwrap();
            let read: serde_json::Value = serde_json::from_slice(&written).unwrap();
            let text = read["result"]["b64data"].as_str().unwrap();
            prop_assert_eq!(STANDARD.decode(text).unwrap(), data);
        }
    }

    #[test]
    fn every_field_of_a_request_is_read() {
        // Each number that a decoder of the message knows is in the bytes.
        let body = br#"{"client":"a","transport":"b","protocol":"c","encoding":"d","user":"e","channel":"f",
            "token":"g","meta":{"h":1},"data":[1],"b64data":"i","labels":{"j":"k"}}"#;
        let read = proxy::SubscribeRequest::decode(request(Kind::Subscribe, body).unwrap()).unwrap();
        let expected = proxy::SubscribeRequest {
            client: "a".into(),
            transport: "b".into(),
            protocol: "c".into(),
            encoding: "d".into(),
            user: "e".into(),
            channel: "f".into(),
            token: "g".into(),
            meta: r#"{"h":1}"#.into(),
            data: "[1]".into(),
            b64data: "i".into(),
            labels: [("j".to_owned(), "k".to_owned())].into(),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn every_field_of_a_connect_result_is_written() {
        let node = proxy::FilterNode {
            op: "and".into(),
            nodes: vec![proxy::FilterNode {
                vals: vec!["v".into()],
                ..Default::default()
            }],
            ..Default::default()
        };
        let options = proxy::SubscribeOptions {
            expire_at: 1,
            info: "1".into(),
            data: "2".into(),
            r#override: Some(proxy::SubscribeOptionOverride {
                join_leave: Some(proxy::BoolValue { value: false }),
                ..Default::default()
            }),
            server_tags_filter: Some(node),
            cache_recover: true,
            ..Default::default()
        };
        let result = proxy::ConnectResult {
            user: "u".into(),
            expire_at: i64::MAX,
            b64info: "aQ==".into(),
            b64data: "ZA==".into(),
            meta: r#"{"m":1.0}"#.into(),
            channels: vec!["c".into()],
            subs: [("s".to_owned(), options)].into(),
            caps: vec![proxy::ChannelsCapability {
                channels: vec!["x".into()],
                allow: vec!["pub".into()],
                r#match: "wildcard".into(),
            }],
            labels: [("l".to_owned(), "1".to_owned())].into(),
            ..Default::default()
        };
        let answer = proxy::ConnectResponse {
            result: Some(result),
            ..Default::default()
        };
        let written = response(Kind::Connect, answer.encode_to_vec().into()).unwrap();
        let expected = r#"{"result":{"user":"u","expire_at":9223372036854775807,"channels":["c"],"labels":{"l":"1"},"b64info":"aQ==","b64data":"ZA==","meta":{"m":1.0},"subs":{"s":{"expire_at":1,"cache_recover":true,"info":1,"data":2,"override":{"join_leave":{}},"server_tags_filter":{"op":"and","nodes":[{"vals":["v"]}]}}},"caps":[{"channels":["x"],"allow":["pub"],"match":"wildcard"}]}}"#;
        assert_eq!(String::from_utf8(written).unwrap(), expected);
        let wrong = proxy::ConnectResponse {
            result: Some(proxy::ConnectResult {
                meta: "{".into(),
                ..Default::default()
            }),
            ..Default::default()
        };
        let error = response(Kind::Connect, wrong.encode_to_vec().into()).unwrap_err();
        assert!(error.contains("`meta` is not JSON"), "{error}");
    }
}
