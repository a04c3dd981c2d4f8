//! Requests and responses of each kind as JSON.

use bytes::Bytes;
use prost::Message;
use serde::de::DeserializeOwned;

use crate::event::{EventKind, Kind, Request, markers};

/// Calls a function that is generic over the marker of a kind.
macro_rules! with_marker {
    ($kind:expr, $function:ident($($argument:expr),*)) => {
        match $kind {
            Kind::Connect => $function::<markers::Connect>($($argument),*),
            Kind::Refresh => $function::<markers::Refresh>($($argument),*),
            Kind::Subscribe => $function::<markers::Subscribe>($($argument),*),
            Kind::Publish => $function::<markers::Publish>($($argument),*),
            Kind::SubRefresh => $function::<markers::SubRefresh>($($argument),*),
            Kind::Rpc => $function::<markers::Rpc>($($argument),*),
            Kind::NotifyChannelState => $function::<markers::NotifyChannelState>($($argument),*),
            Kind::NotifyCacheEmpty => $function::<markers::NotifyCacheEmpty>($($argument),*),
            Kind::MapPublish => $function::<markers::MapPublish>($($argument),*),
            Kind::MapRemove => $function::<markers::MapRemove>($($argument),*),
            Kind::SharedPollRefresh => $function::<markers::SharedPollRefresh>($($argument),*),
            Kind::SubscribeStream => $function::<markers::SubscribeStream>($($argument),*),
        }
    };
}

/// Reads the request of an event.
pub(super) fn request(kind: Kind, body: &[u8]) -> serde_json::Result<Request> {
    with_marker!(kind, read(body))
}

/// Writes an encoded response as JSON.
pub(super) fn response(kind: Kind, body: Bytes) -> Result<Bytes, String> {
    with_marker!(kind, write(body))
}

fn read<K: EventKind<Request: DeserializeOwned>>(body: &[u8]) -> serde_json::Result<Request> {
    serde_json::from_slice::<K::Request>(body).map(Request::decoded)
}

fn write<K: EventKind>(body: Bytes) -> Result<Bytes, String> {
    let response = K::Response::decode(body).map_err(|error| error.to_string())?;
    let json = serde_json::to_vec(&response).map_err(|error| error.to_string())?;
    Ok(json.into())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use centrifugo_proto::proxy;
    use proptest::prelude::*;
    use serde_json::value::RawValue;

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

    fn rpc_result(data: Bytes) -> Bytes {
        let result = proxy::RpcResult {
            data,
            ..Default::default()
        };
        let response = proxy::RpcResponse {
            result: Some(result),
            ..Default::default()
        };
        response.encode_to_vec().into()
    }

    /// The beginning of a protobuf message can be white space of JSON.
    #[test]
    fn writes_bytes_with_white_space_around_json_in_base64() {
        for data in ["\n\r\"1700000000000\"", "{}\n"] {
            let json = response(Kind::Rpc, rpc_result(data.into())).unwrap();
            let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
            assert_eq!(json["result"]["b64data"], STANDARD.encode(data), "{json}");
            assert!(json["result"].get("data").is_none(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn reads_or_refuses_any_bytes(body: Vec<u8>) {
            for kind in Kind::ALL {
                let _ = request(kind, &body);
                let _ = response(kind, body.clone().into());
            }
        }

        #[test]
        fn keeps_data_as_it_is_both_ways(data in json(), method in ".*") {
            let text = serde_json::Value::from(method.clone());
            let body = format!(r#"{{"method":{text},"more":[{data}],"data":{data}}}"#);
            let read = request(Kind::Rpc, body.as_bytes()).unwrap();
            let read: &proxy::RpcRequest = read.message().unwrap();
            prop_assert_eq!(&read.data[..], data.as_bytes());
            prop_assert_eq!(&read.method, &method);
            let written = response(Kind::Rpc, rpc_result(data.clone().into())).unwrap();
            let expected = format!(r#"{{"result":{{"data":{data}}}}}"#);
            prop_assert_eq!(written, expected.as_bytes());
        }

        #[test]
        fn writes_data_that_is_not_json_in_base_64(data: Vec<u8>) {
            prop_assume!(!data.is_empty() && serde_json::from_slice::<&RawValue>(&data).is_err());
            let written = response(Kind::Rpc, rpc_result(data.clone().into())).unwrap();
            let read: serde_json::Value = serde_json::from_slice(&written).unwrap();
            let text = read["result"]["b64data"].as_str().unwrap();
            prop_assert_eq!(STANDARD.decode(text).unwrap(), data);
        }

        #[test]
        fn has_the_same_fields_decoded_and_encoded(client in ".*", user in ".*", method in ".*", data in json()) {
            let body = serde_json::json!({ "client": client, "user": user, "method": method, "labels": { "a": "b" } });
            let data_first = format!(r#"{{"data":{data},"#);
            let body = body.to_string().replacen('{', &data_first, 1);
            let decoded = request(Kind::Rpc, body.as_bytes()).unwrap();
            let encoded = Request::Encoded(decoded.encoded().clone());
            for request in [decoded, encoded] {
                let fields = request.fields(Kind::Rpc).unwrap();
                prop_assert_eq!(request.client(&fields, Kind::Rpc), &client);
                prop_assert_eq!(request.user(&fields, Kind::Rpc), &user);
                prop_assert_eq!(request.target(&fields, Kind::Rpc), &method);
                let number = Kind::Rpc.layout().data;
                prop_assert_eq!(request.bytes(&fields, number), data.as_bytes());
                prop_assert_eq!(request.shared_bytes(&fields, number), data.as_bytes());
                prop_assert_eq!(request.text(&fields, number + 1), "");
                prop_assert!(request.bytes(&fields, Kind::Rpc.layout().meta).is_empty());
            }
        }
    }

    #[test]
    fn reads_every_field_of_a_request() {
        let body = br#"{"client":"a","transport":"b","protocol":"c","encoding":"d","user":"e","channel":"f",
            "token":"g","meta":{"h":1},"data":[1],"b64data":"i","labels":{"j":"k"}}"#;
        let read = request(Kind::Subscribe, body).unwrap();
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
        assert_eq!(read.message(), Some(&expected));
    }

    #[test]
    fn reads_null_as_the_default_and_the_last_of_a_key() {
        let body = br#"{"method":"a","user":"u","data":1,"extra":{"a":[]},"labels":null,"user":null,"method":"b","data":null}"#;
        let read = request(Kind::Rpc, body).unwrap();
        let expected = proxy::RpcRequest {
            method: "b".into(),
            data: "null".into(),
            ..Default::default()
        };
        assert_eq!(read.message(), Some(&expected));
        let read = request(Kind::NotifyChannelState, br#"{"events":null}"#).unwrap();
        assert_eq!(read.message(), Some(&proxy::NotifyChannelStateRequest::default()));
    }

    #[test]
    fn refuses_other_types() {
        for (kind, body, part) in [
            (Kind::Rpc, "null", "expected an object"),
            (Kind::Rpc, r#"["client"]"#, "expected an object"),
            (Kind::Rpc, r#"{"method":5}"#, "expected a string"),
            (
                Kind::NotifyChannelState,
                r#"{"events":[null]}"#,
                "expected an object",
            ),
            (Kind::NotifyChannelState, r#"{"events":5}"#, "expected a sequence"),
            (
                Kind::NotifyChannelState,
                r#"{"events":[{"time_ms":"1"}]}"#,
                "expected i64",
            ),
        ] {
            let error = request(kind, body.as_bytes()).err().unwrap().to_string();
            assert!(error.contains(part), "{body}: {error}");
        }
    }

    #[test]
    fn writes_every_field_of_a_connect_result() {
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
            data: "dropped".into(),
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
        let expected = r#"{"result":{"user":"u","expire_at":9223372036854775807,"b64info":"aQ==","b64data":"ZA==","channels":["c"],"subs":{"s":{"expire_at":1,"info":1,"data":2,"override":{"join_leave":{}},"server_tags_filter":{"op":"and","nodes":[{"vals":["v"]}]},"cache_recover":true}},"meta":{"m":1.0},"caps":[{"channels":["x"],"allow":["pub"],"match":"wildcard"}],"labels":{"l":"1"}}}"#;
        assert_eq!(written, expected.as_bytes());
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
