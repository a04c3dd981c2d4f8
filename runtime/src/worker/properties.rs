//! Property tests that check the worker loop against a model of the protocol.

use std::sync::OnceLock;

use centrifugo_proto::proxy;
use proptest::prelude::*;
use prost::Message;

use super::expected_response::EVENT_NAMES;
use super::fuzz::{Harness, WrittenFrame};
use super::generated_stream::{InputStream, StreamEnd};
use crate::error::Error;
use crate::event::Kind;
use crate::fuzzing::Choices;
use crate::handler::{AnyHandler, Call, HandlerInfo, Outcome, PendingOutcome, Route};
use crate::schema::NO_SCHEMAS;
use crate::startup::Builder;

/// Replies with the kind and the body of the event, so that no two events have the same reply. Some kinds are answered
/// asynchronously, with an error, or as unreadable.
struct Echo;

impl AnyHandler for Echo {
    fn info(&self) -> HandlerInfo {
        HandlerInfo {
            arguments: Vec::new(),
            #[cfg(feature = "schema")]
            reply: crate::schema::ReplyTypes::UNKNOWN,
        }
    }

    fn call(&'static self, call: Box<Call>) -> PendingOutcome {
        let event = call.event;
        let reply = Outcome::Reply(echo(event.kind(), event.body()).into());
        match event.kind() {
            Kind::Rpc => PendingOutcome::Later(Box::pin(async {
                tokio::task::yield_now().await;
                reply
            })),
            Kind::Refresh => PendingOutcome::Now(Error::internal("down").into()),
            Kind::Subscribe => PendingOutcome::Now(Outcome::Unreadable("an unreadable request".into())),
            _ => PendingOutcome::Now(reply),
        }
    }
}

fn echo(kind: Kind, body: &[u8]) -> Vec<u8> {
    [kind.name().as_bytes(), b": ", body].concat()
}

fn harness() -> &'static Harness {
    static HARNESS: OnceLock<Harness> = OnceLock::new();
    HARNESS.get_or_init(|| {
        // `publish` has no handler.
        let kinds = EVENT_NAMES
            .into_iter()
            .map(|(_, kind)| kind)
            .filter(|kind| *kind != Kind::Publish);
        let routes = kinds.map(|kind| -> &'static Route {
            Box::leak(Box::new(Route {
                kind,
                pattern: None,
                channel_type: None,
                name: "echo",
                module: module_path!(),
                file: file!(),
                line: line!(),
                docs: "",
                takes: &[],
                returns: "",
                schemas: NO_SCHEMAS,
                timeout: None,
                handler: &Echo,
            }))
        });
        let builder = Builder {
            routes: Some(routes.collect()),
            ..Builder::default()
        };
        Harness::new(async { builder.build().await.unwrap() })
    })
}

fn is_message(kind: Kind, body: &[u8]) -> bool {
    match kind {
        Kind::Connect => proxy::ConnectRequest::decode(body).is_ok(),
        Kind::Refresh => proxy::RefreshRequest::decode(body).is_ok(),
        Kind::Subscribe => proxy::SubscribeRequest::decode(body).is_ok(),
        Kind::Publish => proxy::PublishRequest::decode(body).is_ok(),
        Kind::SubRefresh => proxy::SubRefreshRequest::decode(body).is_ok(),
        Kind::Rpc => proxy::RpcRequest::decode(body).is_ok(),
        Kind::NotifyChannelState => proxy::NotifyChannelStateRequest::decode(body).is_ok(),
        Kind::NotifyCacheEmpty => proxy::NotifyCacheEmptyRequest::decode(body).is_ok(),
        _ => false,
    }
}

fn check(stream: &InputStream) -> Result<(), TestCaseError> {
    for (kind, body, response) in harness().check(stream) {
        let WrittenFrame { payload, .. } = &response;
        if response.is_error() {
            let is_refused = matches!(kind, Kind::Refresh | Kind::Subscribe);
            prop_assert!(
                is_refused || !is_message(kind, body),
                "{kind} {body:?}: {response:?}"
            );
        } else if kind == Kind::Publish {
            let response = proxy::PublishResponse::decode(payload.as_slice()).unwrap();
            prop_assert_eq!(response.error.map(|error| error.code), Some(103));
        } else {
            prop_assert!(!matches!(kind, Kind::Refresh | Kind::Subscribe));
            prop_assert_eq!(payload, &echo(kind, body));
        }
    }
    Ok(())
}

fn streams(end: StreamEnd) -> impl Strategy<Value = InputStream> {
    let choices = proptest::collection::vec(any::<u8>(), 0..1200);
    choices.prop_map(move |bytes| InputStream::choose(&mut Choices(&bytes), end))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn sends_one_response_for_each_event_and_pid_command(stream in streams(StreamEnd::Complete)) {
        check(&stream)?;
    }

    #[test]
    fn answers_the_complete_frames_of_a_truncated_stream(stream in streams(StreamEnd::Truncated)) {
        check(&stream)?;
    }

    #[test]
    fn answers_the_frames_before_a_malformed_header_and_fails(stream in streams(StreamEnd::Malformed)) {
        check(&stream)?;
    }
}
