//! Shared polls over gRPC and HTTP.

use std::fs;
use std::time::{Duration, SystemTime};

use centrifugo::token::{Key, SharedPollSignature};
use peers::{DirectSetup, DirectStack, Peers, Socket, Transport};
use serde_json::{Value, json};

const KEY: &str = "of this test";

fn pair(transport: Transport) -> DirectStack {
    DirectSetup::new(env!("CARGO_BIN_EXE_direct"), transport)
        .namespace(
            "prices",
            json!({ "shared_poll": { "refresh_interval": "200ms" } }),
        )
        .centrifugo(json!({ "shared_poll": { "hmac_secret_key": KEY } }))
        .start()
}

fn signature(user: &str, channel: &str, keys: &[&str]) -> String {
    let track = SharedPollSignature::user(user, channel).keys(keys.iter().copied());
    track.sign(&Key::hs256(KEY)).expect("a signature")
}

async fn track(socket: &mut Socket, channel: &str, keys: &[&str]) -> Value {
    let reply = socket
        .command(json!({ "subscribe": { "channel": channel, "type": 4 } }))
        .await;
    assert!(reply.contains(r#""subscribe":{"#), "{reply}");
    let items: Vec<_> = keys.iter().map(|key| json!({ "key": key })).collect();
    let batch = json!({ "signature": signature("42", channel, keys), "items": items });
    let command = json!({ "sub_refresh": { "channel": channel, "type": 1, "track": [batch] } });
    let reply = socket.command(command).await;
    assert!(reply.contains(r#""sub_refresh":{"#), "{reply}");
    serde_json::from_str(&reply).expect("JSON")
}

/// Collects `count` items from the reply and from later pushes.
async fn items(socket: &mut Socket, reply: &Value, count: usize) -> Vec<String> {
    let show = |item: &Value| format!("{}={}", item["key"], item["data"]);
    let first = reply["sub_refresh"]["items"].as_array();
    let mut items: Vec<_> = first.into_iter().flatten().map(show).collect();
    while items.len() < count {
        let push: Value = serde_json::from_str(&socket.line().await).expect("JSON");
        items.push(show(&push["push"]["pub"]));
    }
    items.sort();
    items
}

async fn check_polls(pair: &DirectStack) {
    let mut socket = Socket::connect(pair, "42", &[]).await;
    let reply = track(&mut socket, "prices:a", &["gold", "tin", "nothing"]).await;
    assert_eq!(
        items(&mut socket, &reply, 2).await,
        [
            r#""gold"={"market":"a","price":1152921504606846976}"#,
            r#""tin"=1"#
        ]
    );
    fs::write(pair.file("gone"), "").expect("a file");
    let push = socket.line().await;
    assert!(
        push.contains(r#""key":"tin""#) && push.contains(r#""removed":true"#),
        "{push}"
    );

    // A failed poll is repeated, and its error is not sent to clients.
    let reply = track(&mut socket, "prices:down", &["gold"]).await;
    let failed =
        || fs::read_to_string(pair.file("notes")).is_ok_and(|notes| notes.matches("poll failed").count() > 1);
    for _ in 0..500 {
        if failed() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(failed(), "the poll was not repeated");
    fs::write(pair.file("up"), "").expect("a file");
    assert_eq!(
        items(&mut socket, &reply, 1).await,
        [r#""gold"={"market":"down","price":1152921504606846976}"#]
    );
    assert!(!pair.node.process.log().contains("a secret of"));
}

/// Returns the reply to a client of user 42 that tracks `gold` with this signature.
async fn reply_to_signature(pair: &DirectStack, signature: String) -> String {
    let mut socket = Socket::connect(pair, "42", &[]).await;
    let subscribe = json!({ "subscribe": { "channel": "prices:a", "type": 4 } });
    let reply = socket.command(subscribe).await;
    assert!(reply.contains(r#""subscribe":{"#), "{reply}");
    let batch = json!({ "signature": signature, "items": [{ "key": "gold" }] });
    socket
        .command(json!({ "sub_refresh": { "channel": "prices:a", "type": 1, "track": [batch] } }))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_signatures_of_tracked_keys() {
    let pair = pair(Transport::Grpc);
    let key = Key::hs256(KEY);
    let minute = Duration::from_secs(60);
    let good = || SharedPollSignature::user("42", "prices:a").keys(["gold"]);
    let expired = SystemTime::now() - minute;
    for (track, key, expected) in [
        (good(), &key, r#""sub_refresh":{"#),
        (good().expires_in(minute), &key, r#""sub_refresh":{"#),
        (good().expires_at(expired), &key, r#""code":109"#),
        (good().keys(["tin"]), &key, r#""code":103"#),
        (
            SharedPollSignature::user("43", "prices:a").keys(["gold"]),
            &key,
            r#""code":103"#,
        ),
        (
            SharedPollSignature::user("42", "prices:b").keys(["gold"]),
            &key,
            r#""code":103"#,
        ),
        (good(), &Key::hs256("another"), r#""code":103"#),
    ] {
        let reply = reply_to_signature(&pair, track.sign(key).expect("a signature")).await;
        assert!(reply.contains(expected), "{reply}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_shared_polls_over_grpc() {
    check_polls(&pair(Transport::Grpc)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_shared_polls_over_http() {
    check_polls(&pair(Transport::Http)).await;
}
