//! Streams of a real process, one way and both, and how they end.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use centrifugo::proto::proxy::StreamSubscribeRequest;
use rustix::process::Signal;
use support::stream::Opened;
use support::{Client, Program};
use tonic::{Code, Status};

async fn program() -> (Program, Client) {
    let program = Program::start_of(env!("CARGO_BIN_EXE_streams"), &[]);
    let client = program.client().await;
    (program, client)
}

/// The publications to the end, and the status where it is a failure.
async fn rest(stream: &mut Opened) -> (Vec<String>, Option<Status>) {
    let mut all = Vec::new();
    loop {
        match stream.next().await {
            Ok(Some(data)) => all.push(data),
            Ok(None) => return (all, None),
            Err(status) => return (all, Some(status)),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_message_is_the_answer_and_publications_follow() {
    let (program, client) = program().await;
    for mut stream in [
        client.one_way("numbers:three").await.unwrap(),
        client.two_ways("numbers:three").await.unwrap(),
    ] {
        let result = stream.response.result.take().unwrap();
        assert_eq!(&result.data[..], br#""42""#);
        let (all, end) = rest(&mut stream).await;
        assert_eq!(all, ["0", "1", "2"]);
        assert!(end.is_none(), "{end:?}");
    }
    program.notes.wait_for("dropped three");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_the_only_message() {
    let (program, client) = program().await;
    for (channel, error, disconnect) in [
        ("numbers:refused", 103, 0),
        ("numbers:banned", 0, 4501),
        ("elsewhere", 103, 0),
    ] {
        for mut stream in [
            client.one_way(channel).await.unwrap(),
            client.two_ways(channel).await.unwrap(),
        ] {
            let response = std::mem::take(&mut stream.response);
            assert!(response.result.is_none(), "{response:?}");
            assert_eq!(response.error.map_or(0, |error| error.code), error, "{channel}");
            let code = response.disconnect.map_or(0, |disconnect| disconnect.code);
            assert_eq!(code, disconnect, "{channel}");
            assert_eq!(stream.next().await.unwrap(), None);
        }
    }
    // A status, since Centrifugo drops «temporary» of an error here.
    for channel in ["numbers:internal", "numbers:panic"] {
        for status in [
            client.one_way(channel).await.err().unwrap(),
            client.two_ways(channel).await.err().unwrap(),
        ] {
            assert_eq!(status.code(), Code::Internal, "{channel}");
            assert!(!status.message().contains("secret"), "{status}");
        }
    }
    let log = program.log.wait_for("a secret of the code");
    assert!(log.contains("a secret of the database"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_fails_ends_with_a_status_without_its_text() {
    let (program, client) = program().await;
    for how in ["fails", "panics"] {
        let mut stream = client.one_way(&format!("numbers:{how}")).await.unwrap();
        let (all, end) = rest(&mut stream).await;
        assert_eq!(all, ["0", "1"], "{how}");
        let status = end.unwrap();
        assert_eq!(status.code(), Code::Internal);
        assert!(!status.message().contains("secret"), "{status}");
        program.notes.wait_for(&format!("dropped {how}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ways_until_either_side_ends() {
    let (program, client) = program().await;
    let mut stream = client.two_ways("echo").await.unwrap();
    for data in ["1.0", "{}", "1152921504606846976"] {
        stream.say(data);
        assert_eq!(stream.next().await.unwrap().unwrap(), data);
    }
    stream.say(r#""bye""#);
    assert_eq!(stream.next().await.unwrap(), None);
    program.notes.wait_for("dropped echo");

    // The client's side ends: so does ours.
    let mut stream = client.two_ways("echo").await.unwrap();
    stream.say("1");
    assert_eq!(stream.next().await.unwrap().unwrap(), "1");
    stream.client = None;
    assert_eq!(stream.next().await.unwrap(), None);

    // Nobody is there any more, in the middle.
    for two_ways in [false, true] {
        let stream = if two_ways {
            client.two_ways("two-way-clock:a").await.unwrap()
        } else {
            client.one_way("clock:a").await.unwrap()
        };
        let open = client.rpc("tick", "null").await.unwrap();
        assert_eq!(support::seen(&open), "1");
        drop(stream);
        let end = Instant::now() + Duration::from_secs(5);
        while support::seen(&client.rpc("tick", "null").await.unwrap()) != "0" {
            assert!(Instant::now() < end, "the stream is not dropped");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_message_without_a_request_is_an_invalid_argument() {
    let (_program, client) = program().await;
    let first = StreamSubscribeRequest::default();
    let Err(status) = client.two_ways_from(Some(first)).await else {
        panic!("the stream was opened");
    };
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(status.message().contains("no subscribe request"), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_has_its_time_limit() {
    let (program, client) = program().await;
    for channel in ["hangs", "never-yields"] {
        let start = Instant::now();
        let answer = client.one_way(channel).await;
        let code = answer.as_ref().err().map(Status::code);
        let took = start.elapsed();
        assert_eq!(
            code,
            Some(Code::Internal),
            "{channel} after {took:?}: {}",
            program.log.text()
        );
        assert!(took < Duration::from_millis(800), "{channel}: {took:?}");
    }
    program.notes.wait_for("dropped hangs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_blocks_holds_up_nobody_else() {
    let (_program, client) = program().await;
    let mut stream = client.one_way("blocks").await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), "0");
    let begun = Instant::now();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let other = client.rpc("tick", "null").await.unwrap();
    assert!(other.result.is_some());
    assert!(
        begun.elapsed() < Duration::from_millis(1000),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(stream.next().await.unwrap().unwrap(), "1");
    assert!(begun.elapsed() > Duration::from_millis(1400), "it did not block");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_open_streams_as_a_failure() {
    let (mut program, client) = program().await;
    let mut streams = Vec::new();
    for _ in 0..20 {
        streams.push(client.one_way("clock:a").await.unwrap());
        streams.push(client.two_ways("two-way-clock:a").await.unwrap());
    }
    for stream in &mut streams {
        assert_eq!(stream.next().await.unwrap().unwrap(), "0");
    }
    program.signal(Signal::TERM);
    let start = Instant::now();
    for stream in &mut streams {
        let (_, end) = rest(stream).await;
        assert_eq!(end.expect("a failure").code(), Code::Unavailable);
    }
    assert!(program.wait().await.success());
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
