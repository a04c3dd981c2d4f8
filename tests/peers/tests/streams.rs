//! One-way and two-way streams over gRPC, as clients of Centrifugo see them.

use std::time::Duration;

use centrifuge::Protocol;
use peers::{Client, ClientSubscription, DirectSetup, DirectStack, Peers, Socket, Transport};
use serde_json::{Value, json};

fn pair() -> DirectStack {
    DirectSetup::new(env!("CARGO_BIN_EXE_direct"), Transport::Grpc)
        .centrifugo(json!({ "shared_poll": { "hmac_secret_key": "of this test" } }))
        .start()
}

fn notes(pair: &DirectStack) -> String {
    std::fs::read_to_string(pair.file("notes")).unwrap_or_default()
}

async fn wait_for_note(pair: &DirectStack, line: &str) {
    for _ in 0..500 {
        if notes(pair).lines().any(|noted| noted == line) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no `{line}` in the notes:\n{}", notes(pair));
}

async fn numbers(subscribed: &mut ClientSubscription, count: u32) {
    for number in 0..count {
        let tags = vec![("by".to_owned(), "clock".to_owned())];
        assert_eq!(subscribed.publication().await, (json!(number), tags));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_subscriptions() {
    let pair = pair();
    let mut client = Client::connect_as(&pair, "42").await;
    for (channel, expected) in [
        ("ticks:secret", "unsubscribed 103 permission denied"),
        ("ticks:internal", "error Subscribe: internal server error (100)"),
        ("ticks:panic", "error Subscribe: internal server error (100)"),
        ("ticks:ends", "subscribed \"42\""),
    ] {
        assert_eq!(client.subscribe(channel).outcome().await, expected, "{channel}");
    }
    client.subscribe_unseen("ticks:banned");
    assert_eq!(client.outcome().await, "disconnected 4505 no ticks");
    let log = pair.program.process.log();
    assert!(
        log.contains("a secret of the clock") && log.contains("a secret of the code"),
        "{log}"
    );
    let log = pair.node.process.log();
    assert!(!log.contains("a secret"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unsubscribes_when_the_backend_ends_a_one_way_stream() {
    let pair = pair();
    let client = Client::connect_as(&pair, "42").await;
    let mut ticks = client.subscribe("ticks:ends");
    assert_eq!(ticks.outcome().await, "subscribed \"42\"");
    numbers(&mut ticks, 3).await;
    assert_eq!(ticks.outcome().await, "unsubscribed 2000 server unsubscribe");
    wait_for_note(&pair, "dropped ends").await;
    let again = tokio::time::timeout(Duration::from_secs(1), ticks.next()).await;
    assert!(again.is_err(), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn resubscribes_when_a_one_way_stream_fails() {
    let pair = pair();
    let client = Client::connect_as(&pair, "42").await;
    for how in ["fails", "panics"] {
        let mut ticks = client.subscribe(&format!("ticks:{how}"));
        for _ in 0..2 {
            assert_eq!(ticks.outcome().await, "subscribed \"42\"", "{how}");
            numbers(&mut ticks, 3).await;
            // The client subscribes again automatically.
            assert_eq!(
                ticks.outcome().await,
                "subscribing 2500 insufficient state",
                "{how}"
            );
        }
        ticks.inner.unsubscribe();
    }
    assert!(!pair.node.process.log().contains("a secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn drops_a_one_way_stream_when_the_client_leaves() {
    let pair = pair();
    let client = Client::connect_as(&pair, "42").await;
    let mut ticks = client.subscribe("ticks:unsubscribed");
    assert_eq!(ticks.outcome().await, "subscribed \"42\"");
    numbers(&mut ticks, 2).await;
    assert!(!notes(&pair).contains("dropped"));
    ticks.inner.unsubscribe();
    wait_for_note(&pair, "dropped unsubscribed").await;
    drop(ticks);

    let mut socket = Socket::connect(&pair, "43", &[]).await;
    let reply = socket
        .command(json!({ "subscribe": { "channel": "ticks:closed" } }))
        .await;
    assert!(reply.contains(r#""subscribe":{"#), "{reply}");
    wait_for_note(&pair, "opened closed").await;
    // The connection breaks without a close frame.
    drop(socket);
    wait_for_note(&pair, "dropped closed").await;
}

/// Streams that are always ready use CPU time but do not delay other events.
#[tokio::test(flavor = "multi_thread")]
async fn answers_others_while_streams_are_always_ready() {
    let pair = pair();
    let mut spinning = Vec::new();
    for user in ["1", "2"] {
        // A separate client, because Centrifugo may disconnect one that reads too slowly.
        let mut socket = Socket::connect(&pair, user, &[]).await;
        let reply = socket
            .command(json!({ "subscribe": { "channel": "spins:1000" } }))
            .await;
        assert!(reply.contains(r#""subscribe":{"#), "{reply}");
        spinning.push(socket);
    }
    let client = Client::connect_as(&pair, "42").await;
    for how in ["ends", "fails"] {
        let mut ticks = client.subscribe(&format!("ticks:{how}"));
        assert_eq!(ticks.outcome().await, "subscribed \"42\"");
        numbers(&mut ticks, 3).await;
        ticks.inner.unsubscribe();
    }
    drop(spinning);
    for _ in 0..1000 {
        if notes(&pair).matches("dropped spins").count() == 2 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the streams still run without their clients: {}", notes(&pair));
}

#[tokio::test(flavor = "multi_thread")]
async fn passes_publications_unchanged() {
    let pair = pair();
    let mut socket = Socket::connect(&pair, "42", &[]).await;
    let reply = socket
        .command(json!({ "subscribe": { "channel": "ticks:as-it-is" } }))
        .await;
    assert!(reply.contains(r#""data":"42""#), "{reply}");
    for data in ["1152921504606846976", "{}", "1.0"] {
        let push = socket.line().await;
        assert!(push.contains(&format!(r#""data":{data}"#)), "{push}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn exchanges_publications_on_a_two_way_stream() {
    let pair = pair();
    for protocol in [Protocol::Json, Protocol::Protobuf] {
        let mut client = Client::start_with(&pair, protocol, br#"{"user":"42"}"#.to_vec());
        assert_eq!(client.outcome().await, "connected");
        let mut talk = client.subscribe("talk:one");
        assert_eq!(talk.outcome().await, "subscribed ");
        for (number, said) in [json!("hi"), json!({}), json!(1u64 << 60), Value::Null]
            .into_iter()
            .enumerate()
        {
            let published = talk.inner.publish(said.to_string().into_bytes()).await;
            published.expect("a publication");
            assert_eq!(talk.publication().await.0, json!([number + 1, said]));
        }
        talk.inner.publish(r#""bye""#).await.expect("a publication");
        assert_eq!(talk.outcome().await, "unsubscribed 2000 server unsubscribe");
        wait_for_note(&pair, "dropped one").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn resubscribes_when_a_two_way_stream_fails() {
    let pair = pair();
    let client = Client::connect_as(&pair, "42").await;
    let mut talk = client.subscribe("talk:failing");
    assert_eq!(talk.outcome().await, "subscribed ");
    let _ = talk.inner.publish(r#""fail""#).await;
    assert_eq!(talk.outcome().await, "subscribing 2500 insufficient state");
    assert_eq!(talk.outcome().await, "subscribed ");
    talk.inner.publish("1").await.expect("a publication");
    assert_eq!(talk.publication().await.0, json!([1, 1]));
    talk.inner.unsubscribe();
    wait_for_note(&pair, "dropped failing").await;
}

/// Checks that a subscriber receives publications again after the backend was stopped by `stop` and restarted.
async fn check_restart(pair: &mut DirectStack, mut stop: impl AsyncFnMut(&mut DirectStack)) {
    let client = Client::connect_as(&*pair, "42").await;
    let mut ticks = client.subscribe("ticks:on");
    assert_eq!(ticks.outcome().await, "subscribed \"42\"");
    numbers(&mut ticks, 2).await;
    stop(pair).await;
    assert_eq!(ticks.outcome().await, "subscribing 2500 insufficient state");
    // The client retries while there is no backend.
    assert_eq!(
        ticks.outcome().await,
        "error Subscribe: internal server error (100)"
    );
    pair.program.start_again();
    loop {
        match ticks.outcome().await.as_str() {
            "subscribed \"42\"" => break,
            other => assert_eq!(other, "error Subscribe: internal server error (100)"),
        }
    }
    numbers(&mut ticks, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn resumes_streams_after_the_backend_is_killed() {
    check_restart(&mut pair(), async |pair| pair.program.process.kill()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn resumes_streams_after_the_backend_is_stopped() {
    check_restart(&mut pair(), async |pair| {
        pair.program.process.terminate();
        let status = pair.program.process.wait_for_exit(Duration::from_secs(8));
        assert!(status.is_some_and(|status| status.success()), "{status:?}");
    })
    .await;
}
