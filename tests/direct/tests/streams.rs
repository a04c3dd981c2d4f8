//! One-way and two-way streams over gRPC, and how they end.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use centrifugo::proto::proxy::StreamSubscribeRequest;
use rustix::process::Signal;
use support::stream_client::OpenStream;
use support::{Client, Program};
use tonic::{Code, Status};

async fn start() -> (Program, Client) {
    let program = Program::start_binary(env!("CARGO_BIN_EXE_streams"), &[]);
    let client = program.client().await;
    (program, client)
}

/// Reads a stream to its end. Returns the publications, and the status if the stream failed.
async fn read_to_end(stream: &mut OpenStream) -> (Vec<String>, Option<Status>) {
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
async fn sends_the_response_first_and_then_the_publications() {
    let (program, client) = start().await;
    for mut stream in [
        client.open_one_way("numbers:three").await.unwrap(),
        client.open_two_way("numbers:three").await.unwrap(),
    ] {
        let result = stream.response.result.take().unwrap();
        assert_eq!(&result.data[..], br#""42""#);
        let (all, end) = read_to_end(&mut stream).await;
        assert_eq!(all, ["0", "1", "2"]);
        assert!(end.is_none(), "{end:?}");
    }
    program.notes.wait_for("dropped three");
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_a_refusal_as_the_only_message() {
    let (program, client) = start().await;
    for (channel, error, disconnect) in [
        ("numbers:refused", 103, 0),
        ("numbers:banned", 0, 4501),
        ("elsewhere", 103, 0),
    ] {
        for mut stream in [
            client.open_one_way(channel).await.unwrap(),
            client.open_two_way(channel).await.unwrap(),
        ] {
            let response = std::mem::take(&mut stream.response);
            assert!(response.result.is_none(), "{response:?}");
            assert_eq!(response.error.map_or(0, |error| error.code), error, "{channel}");
            let code = response.disconnect.map_or(0, |disconnect| disconnect.code);
            assert_eq!(code, disconnect, "{channel}");
            assert_eq!(stream.next().await.unwrap(), None);
        }
    }
    // A status, because Centrifugo ignores `temporary` in the error of a stream.
    for channel in ["numbers:internal", "numbers:panic"] {
        for status in [
            client.open_one_way(channel).await.err().unwrap(),
            client.open_two_way(channel).await.err().unwrap(),
        ] {
            assert_eq!(status.code(), Code::Internal, "{channel}");
            assert!(!status.message().contains("secret"), "{status}");
        }
    }
    let log = program.log.wait_for("a secret of the code");
    assert!(log.contains("a secret of the database"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ends_a_failed_stream_with_a_status_without_the_error_text() {
    let (program, client) = start().await;
    for how in ["fails", "panics"] {
        let mut stream = client.open_one_way(&format!("numbers:{how}")).await.unwrap();
        let (all, end) = read_to_end(&mut stream).await;
        assert_eq!(all, ["0", "1"], "{how}");
        let status = end.unwrap();
        assert_eq!(status.code(), Code::Internal);
        assert!(!status.message().contains("secret"), "{status}");
        program.notes.wait_for(&format!("dropped {how}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn exchanges_publications_until_either_side_ends() {
    let (program, client) = start().await;
    let mut stream = client.open_two_way("echo").await.unwrap();
    for data in ["1.0", "{}", "1152921504606846976"] {
        stream.publish(data);
        assert_eq!(stream.next().await.unwrap().unwrap(), data);
    }
    stream.publish(r#""bye""#);
    assert_eq!(stream.next().await.unwrap(), None);
    program.notes.wait_for("dropped echo");

    // The stream ends when the client closes its side.
    let mut stream = client.open_two_way("echo").await.unwrap();
    stream.publish("1");
    assert_eq!(stream.next().await.unwrap().unwrap(), "1");
    stream.sender = None;
    assert_eq!(stream.next().await.unwrap(), None);

    // The stream is dropped when the client cancels it.
    for is_two_way in [false, true] {
        let stream = if is_two_way {
            client.open_two_way("two-way-clock:a").await.unwrap()
        } else {
            client.open_one_way("clock:a").await.unwrap()
        };
        let open = client.rpc("tick", "null").await.unwrap();
        assert_eq!(support::outcome_text(&open), "1");
        drop(stream);
        let end = Instant::now() + Duration::from_secs(5);
        while support::outcome_text(&client.rpc("tick", "null").await.unwrap()) != "0" {
            assert!(Instant::now() < end, "the stream is not dropped");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_a_first_message_without_a_subscribe_request() {
    let (_program, client) = start().await;
    let first = StreamSubscribeRequest::default();
    let Err(status) = client.open_two_way_from(Some(first)).await else {
        panic!("the stream was opened");
    };
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(status.message().contains("no subscribe request"), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn applies_the_handler_timeout_before_the_response() {
    let (program, client) = start().await;
    for channel in ["hangs", "never-yields"] {
        let start = Instant::now();
        let answer = client.open_one_way(channel).await;
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
async fn answers_others_while_a_stream_blocks() {
    let (program, client) = start().await;
    let mut stream = client.open_one_way("blocks").await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), "0");
    let begun = Instant::now();
    program.notes.wait_for("blocking");
    let other = client.rpc("tick", "null").await.unwrap();
    assert!(other.result.is_some());
    assert!(
        begun.elapsed() < Duration::from_millis(1000),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(stream.next().await.unwrap().unwrap(), "1");
    assert!(
        begun.elapsed() > Duration::from_millis(1400),
        "the stream did not block"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ends_open_streams_as_unavailable_at_shutdown() {
    let (mut program, client) = start().await;
    let mut streams = Vec::new();
    for _ in 0..20 {
        streams.push(client.open_one_way("clock:a").await.unwrap());
        streams.push(client.open_two_way("two-way-clock:a").await.unwrap());
    }
    for stream in &mut streams {
        assert_eq!(stream.next().await.unwrap().unwrap(), "0");
    }
    program.signal(Signal::TERM);
    let start = Instant::now();
    for stream in &mut streams {
        let (_, end) = read_to_end(stream).await;
        assert_eq!(end.expect("a failure").code(), Code::Unavailable);
    }
    assert!(program.wait_for_exit().await.success());
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}
