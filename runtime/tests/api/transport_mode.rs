//! The gRPC API with `grpc_api.error_mode: transport`, and answers that are not gRPC's.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use centrifugo::api::{Client, Delivery, ErrorKind};
use centrifugo::proto::api::Error as ApiError;
use prost::Message;

use crate::http2::{Act, Seen, serve};
use crate::{fails, soon};

const INTERNAL: u32 = 13;

/// `google.rpc.Status` with one detail, as grpc-go makes it.
#[derive(Clone, PartialEq, Message)]
struct Status {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Detail>,
}

#[derive(Clone, PartialEq, Message)]
struct Detail {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

fn status(status: u32, message: &str, code: Option<u32>) -> Act {
    let mut headers = vec![
        ("content-type", "application/grpc".to_owned()),
        ("grpc-status", status.to_string()),
        ("grpc-message", message.to_owned()),
    ];
    if let Some(code) = code {
        let error = ApiError {
            code,
            message: message.to_owned(),
        };
        let detail = Detail {
            type_url: "type.googleapis.com/centrifugal.centrifugo.api.Error".into(),
            value: error.encode_to_vec(),
        };
        let details = Status {
            code: status as i32,
            details: vec![detail],
        };
        headers.push((
            "grpc-status-details-bin",
            STANDARD_NO_PAD.encode(details.encode_to_vec()),
        ));
    }
    Act::Headers(200, headers)
}

async fn answers_with(act: Act) -> (Client, Arc<Seen>) {
    let (address, seen) = serve(move |_, _| act.clone()).await;
    (Client::grpc(address).build().unwrap(), seen)
}

#[tokio::test]
async fn keeps_codes_and_does_not_repeat_the_call() {
    for (grpc, message, code) in [
        (5, "unknown channel", 102),
        (5, "not found", 104),
        (3, "bad request", 107),
        (3, "not available", 108),
        (11, "unrecoverable position", 112),
        (6, "conflict", 113),
    ] {
        for details in [Some(code), None] {
            let (client, seen) = answers_with(status(grpc, message, details)).await;
            let error = fails(client.publish("news", &1).idempotency_key("k")).await;
            assert_eq!(
                (error.kind(), error.delivery(), error.code(), error.message()),
                (ErrorKind::Answered, Delivery::Refused, Some(code), message),
                "{error}"
            );
            assert!(!error.is_temporary());
            assert_eq!(seen.calls.load(Ordering::SeqCst), 1);
        }
    }
    // Centrifugo makes this status of codes that it does not know.
    let (client, seen) = answers_with(status(INTERNAL, "no such thing", Some(1234))).await;
    let error = fails(client.publish("news", &1).idempotency_key("k")).await;
    assert_eq!((error.code(), error.delivery()), (Some(1234), Delivery::Refused));
    assert_eq!(seen.calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn repeats_an_internal_error_with_a_key() {
    let (address, seen) = serve(|_, call| match call {
        0 | 1 => status(INTERNAL, "internal server error", Some(100)),
        _ => Act::Answer,
    })
    .await;
    let client = Client::grpc(address).build().unwrap();
    let error = fails(client.publish("news", &1)).await;
    assert_eq!(
        (error.code(), error.delivery(), error.is_temporary()),
        (Some(100), Delivery::Unknown, true)
    );
    soon(client.publish("news", &1).idempotency_key("k"))
        .await
        .unwrap();
    assert_eq!(seen.calls.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn explains_answers_that_are_not_grpc() {
    let html = || ("content-type", "text/html".to_owned());
    let location = ("location", "https://example.org/".to_owned());
    for (act, kind, delivery, says) in [
        (
            Act::Headers(308, vec![location]),
            ErrorKind::Refused,
            Delivery::Refused,
            "https://example.org/",
        ),
        (
            Act::Headers(404, vec![html()]),
            ErrorKind::Unsupported,
            Delivery::Refused,
            "text/html: is this the URL of the gRPC API?",
        ),
        (
            Act::Headers(200, vec![html()]),
            ErrorKind::Unreadable,
            Delivery::Unknown,
            "text/html: is this the URL of the gRPC API?",
        ),
        (
            Act::Headers(429, vec![]),
            ErrorKind::Refused,
            Delivery::Refused,
            "429",
        ),
        (
            Act::Headers(502, vec![html()]),
            ErrorKind::Lost,
            Delivery::Unknown,
            "502",
        ),
    ] {
        let (client, seen) = answers_with(act).await;
        let error = fails(client.publish("news", &1).timeout(Duration::from_secs(2))).await;
        assert_eq!((error.kind(), error.delivery()), (kind, delivery), "{error}");
        assert!(error.to_string().contains(says), "{error}");
        assert_eq!(error.is_temporary(), says == "429" || says == "502", "{error}");
        assert_eq!(seen.calls.load(Ordering::SeqCst), 1);
    }
}
