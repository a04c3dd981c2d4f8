//! The worker loop, held against what it owes to each frame.

use std::sync::OnceLock;

use centrifugo_proto::proxy;
use proptest::prelude::*;
use prost::Message;

use super::fuzz::{Answer, Program};
use super::model::{End, NAMES, Stream};
use crate::error::Error;
use crate::event::Kind;
use crate::fuzzing::Choices;
use crate::handler::{AnyHandler, Call, Outcome, PendingOutcome, Route, StateNeed};
use crate::startup::Builder;

/// Says what it was asked, in the ways that there are: no two kinds and no two bodies have the same answer.
struct Echo;

impl AnyHandler for Echo {
    fn needs(&self) -> Vec<StateNeed> {
        Vec::new()
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
            Kind::Subscribe => PendingOutcome::Now(Outcome::Unreadable(
                "a request that the handler can't read".into(),
            )),
            _ => PendingOutcome::Now(reply),
        }
    }
}

fn echo(kind: Kind, body: &[u8]) -> Vec<u8> {
    [kind.name().as_bytes(), b": ", body].concat()
}

fn program() -> &'static Program {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        // `publish` has no handler.
        let kinds = NAMES
            .into_iter()
            .map(|(_, kind)| kind)
            .filter(|kind| *kind != Kind::Publish);
        let routes = kinds.map(|kind| -> &'static Route {
            Box::leak(Box::new(Route {
                kind,
                pattern: None,
                name: "echo",
                module: module_path!(),
                file: file!(),
                line: line!(),
                docs: "",
                takes: &[],
                returns: "",
                timeout: None,
                handler: &Echo,
            }))
        });
        let builder = Builder {
            routes: Some(routes.collect()),
            ..Builder::default()
        };
        Program::new(async { builder.build().await.unwrap() })
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

fn check(stream: &Stream) -> Result<(), TestCaseError> {
    for (kind, body, answer) in program().check(stream) {
        let Answer { payload, .. } = &answer;
        if answer.is_error() {
            let is_refused = matches!(kind, Kind::Refresh | Kind::Subscribe);
            prop_assert!(
                is_refused || !is_message(kind, body),
                "{kind} {body:?}: {answer:?}"
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

fn streams(end: End) -> impl Strategy<Value = Stream> {
    let choices = proptest::collection::vec(any::<u8>(), 0..1200);
    choices.prop_map(move |bytes| Stream::choose(&mut Choices(&bytes), end))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn each_event_gets_its_one_answer_and_commands_get_theirs(stream in streams(End::Whole)) {
        check(&stream)?;
    }

    #[test]
    fn a_stream_that_ends_within_a_frame_ends_the_loop_after_the_answers_to_the_whole_ones(stream in streams(End::Cut)) {
        check(&stream)?;
    }

    #[test]
    fn a_broken_header_ends_the_loop_after_the_answers_to_the_frames_before_it(stream in streams(End::Broken)) {
        check(&stream)?;
    }
}
