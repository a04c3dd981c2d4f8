//! The messages of each kind, as bytes and as JSON with the names of their fields in the schema.
//!
//! The messages of a stream are those of its beginning: what a client asks for, and the decision.

use bytes::Bytes;
use centrifugo_proto::proxy;
use prost::Message as _;
use serde_json::value::{RawValue, to_raw_value};

use super::InvokeError;
use crate::description::Event;

/// Runs `$body` with the types of the messages of a kind.
macro_rules! with_messages {
    ($kind:expr, |$request:ident, $response:ident| $body:expr) => {
        with_messages!(@match $kind, $request, $response, $body;
            Event::Connect: ConnectRequest ConnectResponse,
            Event::Refresh: RefreshRequest RefreshResponse,
            Event::Subscribe | Event::SubscribeStream: SubscribeRequest SubscribeResponse,
            Event::Publish: PublishRequest PublishResponse,
            Event::SubRefresh: SubRefreshRequest SubRefreshResponse,
            Event::Rpc: RpcRequest RpcResponse,
            Event::NotifyChannelState: NotifyChannelStateRequest NotifyChannelStateResponse,
            Event::NotifyCacheEmpty: NotifyCacheEmptyRequest NotifyCacheEmptyResponse,
            Event::MapPublish: MapPublishRequest MapPublishResponse,
            Event::MapRemove: MapRemoveRequest MapRemoveResponse,
            Event::SharedPollRefresh: SharedPollRefreshRequest SharedPollRefreshResponse,
        )
    };
    (@match $kind:expr, $request:ident, $response:ident, $body:expr;
        $($first:path $(| $more:path)*: $request_type:ident $response_type:ident,)*) => {
        match $kind {
            $($first $(| $more)* => {
                #[allow(dead_code, reason = "most callers need one of the two")]
                type $request = proxy::$request_type;
                #[allow(dead_code, reason = "most callers need one of the two")]
                type $response = proxy::$response_type;
                $body
            })*
        }
    };
}

/// Writes a request as JSON.
///
/// # Errors
///
/// Returns an error if the bytes are no such message.
pub fn request_json(kind: Event, bytes: &[u8]) -> Result<Box<RawValue>, InvokeError> {
    let json = with_messages!(kind, |Request, Response| {
        to_raw_value(&Request::decode(bytes).map_err(|error| InvokeError::Request(error.to_string()))?)
    });
    json.map_err(|error| InvokeError::Request(error.to_string()))
}

/// Reads a request from JSON.
///
/// # Errors
///
/// Returns an error if the JSON is no such message.
pub fn request_bytes(kind: Event, json: &str) -> Result<Bytes, InvokeError> {
    let bytes = with_messages!(kind, |Request, Response| {
        serde_json::from_str::<Request>(json).map(|message| message.encode_to_vec())
    });
    bytes
        .map(Bytes::from)
        .map_err(|error| InvokeError::Request(error.to_string()))
}

/// Writes a response as JSON.
///
/// # Errors
///
/// Returns an error if the bytes are no such message.
pub fn response_json(kind: Event, bytes: &[u8]) -> Result<Box<RawValue>, InvokeError> {
    let json = with_messages!(kind, |Request, Response| {
        to_raw_value(&Response::decode(bytes).map_err(|error| InvokeError::Answer(error.to_string()))?)
    });
    json.map_err(|error| InvokeError::Answer(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_keep_their_data() {
        let text = r#"{"client":"c1","user":"42","method":"echo","data":{"b": 1.0}}"#;
        let bytes = request_bytes(Event::Rpc, text).unwrap();
        assert_eq!(request_json(Event::Rpc, &bytes).unwrap().get(), text);
    }

    #[test]
    fn all_kinds_have_messages() {
        for kind in Event::ALL {
            assert_eq!(request_bytes(kind, "{}").unwrap(), Bytes::new());
            assert_eq!(request_json(kind, b"").unwrap().get(), "{}");
            assert_eq!(response_json(kind, b"").unwrap().get(), "{}");
            assert!(request_json(kind, b"\xff").is_err());
            assert!(response_json(kind, b"\xff").is_err());
            assert!(request_bytes(kind, "[]").is_err());
        }
    }

    #[test]
    fn data_that_is_not_json_is_base64() {
        let message = proxy::RpcRequest {
            data: Bytes::from_static(&[0, 255]),
            ..Default::default()
        };
        let json = request_json(Event::Rpc, &message.encode_to_vec()).unwrap();
        assert_eq!(json.get(), r#"{"b64data":"AP8="}"#);
    }
}
