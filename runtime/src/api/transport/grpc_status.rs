//! The error of the server API in a gRPC status: what Centrifugo answers with `grpc_api.error_mode: transport`.

use centrifugo_proto::api as proto;
use prost::Message;
use tonic::Code;

/// `google.rpc.Status`, as far as it is needed.
#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(message, repeated, tag = "3")]
    details: Vec<Detail>,
}

/// `google.protobuf.Any`.
#[derive(Clone, PartialEq, Message)]
struct Detail {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "bytes", tag = "2")]
    value: bytes::Bytes,
}

const ERROR_TYPE: &str = "/centrifugal.centrifugo.api.Error";

/// The API's errors with the statuses that Centrifugo makes of them, and their texts.
const ERRORS: [(Code, u32, &str); 7] = [
    (Code::Internal, 100, "internal server error"),
    (Code::NotFound, 102, "unknown channel"),
    (Code::NotFound, 104, "not found"),
    (Code::InvalidArgument, 107, "bad request"),
    (Code::InvalidArgument, 108, "not available"),
    (Code::OutOfRange, 112, "unrecoverable position"),
    (Code::AlreadyExists, 113, "conflict"),
];

/// The API's error in a status: from its details, else from its text, else from its code if no other error has it.
pub(super) fn api_error(code: Code, message: &str, details: &[u8]) -> Option<proto::Error> {
    if let Some(error) = detailed(details) {
        return Some(error);
    }
    let mut errors = ERRORS.into_iter().filter(|(status, ..)| *status == code);
    let by_text = errors.clone().find(|(_, _, text)| *text == message);
    let (_, code, _) = by_text.or_else(|| match code {
        Code::OutOfRange | Code::AlreadyExists => errors.next(),
        _ => None,
    })?;
    Some(proto::Error {
        code,
        message: message.to_owned(),
    })
}

fn detailed(details: &[u8]) -> Option<proto::Error> {
    let details = RpcStatus::decode(details).ok()?.details;
    let detail = details
        .iter()
        .find(|detail| detail.type_url.ends_with(ERROR_TYPE))?;
    proto::Error::decode(detail.value.clone())
        .ok()
        .filter(|error| error.code != 0)
}

/// The status in a text of grpc-go, such as `rpc error: code = NotFound desc = unknown channel`.
pub(super) fn from_text(text: &str) -> Option<(Code, &str)> {
    let (_, rest) = text.split_once("rpc error: code = ")?;
    let (name, message) = rest.split_once(" desc = ")?;
    let codes = (0..=16).map(Code::from_i32);
    codes
        .into_iter()
        .find(|code| format!("{code:?}") == name)
        .map(|code| (code, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_details(type_url: &str, value: Vec<u8>) -> Vec<u8> {
        RpcStatus {
            details: vec![Detail {
                type_url: type_url.into(),
                value: value.into(),
            }],
        }
        .encode_to_vec()
    }

    #[test]
    fn prefers_the_details() {
        let error = proto::Error {
            code: 1234,
            message: "slow down".into(),
        };
        let url = "type.googleapis.com/centrifugal.centrifugo.api.Error";
        let details = with_details(url, error.encode_to_vec());
        assert_eq!(
            api_error(Code::Internal, "internal server error", &details),
            Some(error)
        );
        for details in [
            with_details("type.googleapis.com/other.Error", vec![8, 1]),
            with_details(url, vec![0xff]),
            with_details(url, vec![]),
            vec![0xff, 0xff],
        ] {
            let found = api_error(Code::NotFound, "unknown channel", &details);
            assert_eq!(found.unwrap().code, 102);
        }
    }

    #[test]
    fn reads_a_status_without_details_by_its_text_and_code() {
        for (text, code) in [
            (
                "rpc error: code = Internal desc = internal server error",
                Some(100),
            ),
            ("rpc error: code = NotFound desc = unknown channel", Some(102)),
            ("rpc error: code = NotFound desc = not found", Some(104)),
            ("rpc error: code = InvalidArgument desc = bad request", Some(107)),
            (
                "rpc error: code = InvalidArgument desc = not available",
                Some(108),
            ),
            ("rpc error: code = OutOfRange desc = something new", Some(112)),
            ("rpc error: code = AlreadyExists desc = something new", Some(113)),
            ("rpc error: code = NotFound desc = something new", None),
            ("rpc error: code = Internal desc = stream terminated", None),
        ] {
            let (status, message) = from_text(text).unwrap();
            let found = api_error(status, message, &[]);
            assert_eq!(found.map(|error| error.code), code, "{text}");
        }
        assert_eq!(from_text("RoadRunner is not ready yet"), None);
    }
}
