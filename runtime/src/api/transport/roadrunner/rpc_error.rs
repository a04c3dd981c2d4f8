//! Errors of RoadRunner's RPC: texts of its plugin, and of grpc-go behind it.

use crate::api::error::Error;
use crate::api::transport::grpc_status::{api_error, from_text};

/// Returns the error for a text of RoadRunner.
pub(super) fn from_error_text(method: &'static str, text: &str) -> Error {
    let says = |part| text.contains(part);
    if says("not ready yet") || says("Error while dialing") {
        Error::not_connected(format!("RoadRunner is not connected to Centrifugo: {text}"))
    } else if says("rpc: can't find") || says("code = Unimplemented") {
        Error::unsupported(format!(
            "RoadRunner, or Centrifugo behind it, does not offer the method: {text}"
        ))
    } else if says("code = Unauthenticated") {
        Error::refused(format!(
            "Centrifugo's gRPC API asks for a key, and RoadRunner has none to show: {text}"
        ))
    } else if let Some(error) = from_text(text).and_then(|(code, message)| api_error(code, message, &[])) {
        Error::answered(method, error)
    } else if [
        "InvalidArgument",
        "NotFound",
        "AlreadyExists",
        "OutOfRange",
        "ResourceExhausted",
    ]
    .iter()
    .any(|code| text.contains(&format!("code = {code} ")))
    {
        Error::refused(format!(
            "RoadRunner, or Centrifugo behind it, refuses the call: {text}"
        ))
    } else {
        Error::lost(true, format!("RoadRunner had no answer from Centrifugo: {text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Delivery, ErrorKind};

    #[test]
    fn classifies_texts_of_roadrunner() {
        for (text, kind, delivery) in [
            (
                "RoadRunner is not ready yet, try in a few seconds",
                ErrorKind::NotConnected,
                Delivery::NotSent,
            ),
            (
                "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 127.0.0.1:1: connect: connection refused\"",
                ErrorKind::NotConnected,
                Delivery::NotSent,
            ),
            (
                "rpc error: code = Unavailable desc = error reading from server: EOF",
                ErrorKind::Lost,
                Delivery::Unknown,
            ),
            (
                "rpc: can't find method centrifuge.Publish",
                ErrorKind::Unsupported,
                Delivery::Refused,
            ),
            (
                "rpc error: code = OutOfRange desc = unrecoverable position",
                ErrorKind::Answered,
                Delivery::Refused,
            ),
            (
                "rpc error: code = NotFound desc = something new",
                ErrorKind::Refused,
                Delivery::Refused,
            ),
            (
                "rpc error: code = Internal desc = internal server error",
                ErrorKind::Answered,
                Delivery::Unknown,
            ),
            (
                "rpc error: code = Unauthenticated desc = unauthenticated",
                ErrorKind::Refused,
                Delivery::Refused,
            ),
        ] {
            let error = from_error_text("centrifuge.Publish", text);
            assert_eq!((error.kind(), error.delivery()), (kind, delivery), "{text}");
        }
    }
}
