//! The encoding of messages, compared with bytes written by hand.

use bytes::Bytes;
use centrifugo_proto::proxy::{ConnectRequest, RefreshResult, RpcRequest, RpcResponse, RpcResult};
use prost::Message;

#[test]
fn uses_the_field_numbers_of_centrifugo() {
    let request = RpcRequest {
        client: "c".into(),
        method: "m".into(),
        data: Bytes::from_static(b"d"),
        ..Default::default()
    };
    assert_eq!(
        request.encode_to_vec(),
        [0x0a, 1, b'c', 0x5a, 1, b'm', 0x62, 1, b'd']
    );
    let result = RefreshResult {
        expired: true,
        expire_at: 3,
        ..Default::default()
    };
    assert_eq!(result.encode_to_vec(), [0x08, 1, 0x10, 3]);
}

#[test]
fn decodes_data_without_a_copy() {
    let frame = Bytes::from(
        RpcRequest {
            data: Bytes::from(vec![7; 1000]),
            ..Default::default()
        }
        .encode_to_vec(),
    );
    let request = RpcRequest::decode(frame.clone()).unwrap();
    let inside = frame.as_ptr_range();
    assert!(inside.contains(&request.data.as_ptr()));
}

#[test]
fn accepts_unknown_fields_and_an_empty_body() {
    assert_eq!(
        ConnectRequest::decode(&[0xfa, 0x3f, 2, 1, 2, 0x0a, 1, b'x'][..])
            .unwrap()
            .client,
        "x"
    );
    assert_eq!(
        ConnectRequest::decode(&[][..]).unwrap(),
        ConnectRequest::default()
    );
}

#[test]
fn encodes_an_empty_result() {
    let response = RpcResponse {
        result: Some(RpcResult::default()),
        ..Default::default()
    };
    assert_eq!(response.encode_to_vec(), [0x0a, 0]);
}
