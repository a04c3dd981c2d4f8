//! Map and shared poll methods of the server API, which RoadRunner does not offer.

mod support;

use centrifugo::api::{Call, Delivery, Error, ErrorKind, Method};
use centrifugo::token::{Key, SharedPollSignature};
use peers::Socket;
use serde_json::{Value, json};
use support::api::{ApiPeers, ApiTransport, POLL_KEY, over_each_transport};

over_each_transport!(changes_and_reads_maps, publishes_to_shared_polls);

/// Returns the result of a call, or `None` after checking the error of RoadRunner, which does not offer the method.
async fn offered<M: Method>(way: ApiTransport, call: Call<M>) -> Option<Result<M::Output, Error>> {
    let result = call.await;
    if way != ApiTransport::RoadRunner {
        return Some(result);
    }
    let error = result.expect_err("RoadRunner does not offer it");
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Unsupported, Delivery::Refused),
        "{error}"
    );
    let text = error.to_string();
    assert!(
        text.contains("does not offer") && text.contains("WORKER_API"),
        "{text}"
    );
    None
}

async fn push(socket: &mut Socket, channel: &str) -> Value {
    let line = socket.line().await;
    let push: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert_eq!(push["push"]["channel"], channel, "{line}");
    push["push"]["pub"].clone()
}

async fn changes_and_reads_maps(peers: ApiPeers) {
    let (api, way) = (&peers.api, peers.way);
    let mut watcher = Socket::connect(&peers.stack, "watcher", &[]).await;
    let subscribe = json!({ "subscribe": { "channel": "board:1", "type": 1, "phase": 2, "limit": 100 } });
    let reply = watcher.command(subscribe).await;
    assert!(reply.contains(r#""subscribe":{"#), "{reply}");

    let call = api
        .map_publish("board:1", "a", &json!({ "n": 1u64 << 60 }))
        .tag("by", "bot");
    let Some(first) = offered(way, call).await else {
        // The other map methods are not offered either.
        assert!(
            offered(way, api.map_publish_bytes("board:1", "a", "1"))
                .await
                .is_none()
        );
        assert!(offered(way, api.map_remove("board:1", "a")).await.is_none());
        assert!(offered(way, api.map_read_state("board:1")).await.is_none());
        assert!(offered(way, api.map_read_stream("board:1")).await.is_none());
        assert!(offered(way, api.map_stats("board:1")).await.is_none());
        assert!(offered(way, api.map_clear("board:1")).await.is_none());
        return;
    };
    let first = first.expect("set");
    assert_eq!((first.offset, first.suppressed), (1, false));
    let seen = push(&mut watcher, "board:1").await;
    assert_eq!(
        (&seen["key"], &seen["data"], &seen["tags"]),
        (&json!("a"), &json!({ "n": 1u64 << 60 }), &json!({ "by": "bot" })),
        "{seen}"
    );
    let again = api
        .map_publish("board:1", "a", &2)
        .key_mode("if_new")
        .await
        .expect("an answer");
    assert!(again.suppressed && !again.suppress_reason.is_empty(), "{again:?}");
    for _ in 0..2 {
        api.map_publish_bytes("board:1", "b", "[2]")
            .idempotency_key("k")
            .await
            .expect("set");
    }
    api.map_publish("board:1", "c", &3).await.expect("set");
    for (key, data) in [("b", json!([2])), ("c", json!(3))] {
        let seen = push(&mut watcher, "board:1").await;
        assert_eq!((&seen["key"], &seen["data"]), (&json!(key), &data), "{seen}");
    }
    assert_eq!(api.map_stats("board:1").await.expect("statistics").num_keys, 3);

    let removed = api
        .map_remove("board:1", "b")
        .idempotency_key("r")
        .await
        .expect("removed");
    assert_eq!(removed.offset, 4);
    let seen = push(&mut watcher, "board:1").await;
    assert_eq!(
        (&seen["key"], &seen["removed"]),
        (&json!("b"), &json!(true)),
        "{seen}"
    );

    let state = api.map_read_state("board:1").limit(100).await.expect("the state");
    let mut keys: Vec<_> = state.entries.iter().map(|entry| entry.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!((keys, state.offset), (vec!["a", "c"], 4));
    let one = api.map_read_state("board:1").key("c").await.expect("the state");
    assert_eq!(one.entries[0].json::<u32>().expect("a number"), 3);
    let mut pages = Vec::new();
    let mut page = api.map_read_state("board:1").limit(1).await.expect("a page");
    loop {
        pages.extend(page.entries.iter().map(|entry| entry.key.clone()));
        if page.cursor.is_empty() {
            break;
        }
        let next = api.map_read_state("board:1").limit(1).cursor(&page.cursor);
        page = next.revision(page.offset, &page.epoch).await.expect("a page");
    }
    pages.sort_unstable();
    assert_eq!(pages, ["a", "c"]);

    let changes = api.map_read_stream("board:1").limit(100).await.expect("changes");
    let seen: Vec<_> = changes
        .entries
        .iter()
        .map(|entry| (entry.key.as_str(), entry.removed))
        .collect();
    assert_eq!(seen, [("a", false), ("b", false), ("c", false), ("b", true)]);
    let later = api
        .map_read_stream("board:1")
        .since(2, &changes.epoch)
        .limit(1)
        .await;
    assert_eq!(later.expect("changes").entries[0].key, "c");
    let newest = api
        .map_read_stream("board:1")
        .reverse()
        .limit(1)
        .await
        .expect("changes");
    assert!(newest.entries[0].removed);
    let lost = api
        .map_read_stream("board:1")
        .since(2, "another epoch")
        .limit(1)
        .await;
    assert_eq!(lost.expect_err("another epoch").code(), Some(112));

    api.map_clear("board:1").await.expect("cleared");
    assert_eq!(api.map_stats("board:1").await.expect("statistics").num_keys, 0);
    let stream = api.map_stats("room:1").await.expect_err("no map");
    assert_eq!(stream.code(), Some(107));
    let unknown = api.map_clear("nowhere:1").await.expect_err("unknown");
    assert_eq!(unknown.code(), Some(102));
}

async fn publishes_to_shared_polls(peers: ApiPeers) {
    let (api, way) = (&peers.api, peers.way);
    let mut watcher = Socket::connect(&peers.stack, "42", &[]).await;
    let reply = watcher
        .command(json!({ "subscribe": { "channel": "prices:1", "type": 4 } }))
        .await;
    assert!(reply.contains(r#""subscribe":{"#), "{reply}");
    let signature = SharedPollSignature::user("42", "prices:1")
        .keys(["gold"])
        .sign(&Key::hs256(POLL_KEY));
    let batch = json!({ "signature": signature.expect("a signature"), "items": [{ "key": "gold" }] });
    let track = json!({ "sub_refresh": { "channel": "prices:1", "type": 1, "track": [batch] } });
    let reply = watcher.command(track).await;
    assert!(reply.contains(r#""sub_refresh":{"#), "{reply}");

    let call = api.shared_poll_publish("prices:1", "gold", 7, &json!({ "price": 2031.5 }));
    let Some(first) = offered(way, call).await else {
        let bytes = api.shared_poll_publish_bytes("prices:1", "gold", 7, "1");
        assert!(offered(way, bytes).await.is_none());
        return;
    };
    first.expect("published");
    let seen = push(&mut watcher, "prices:1").await;
    assert_eq!(
        (&seen["key"], &seen["data"]),
        (&json!("gold"), &json!({ "price": 2031.5 })),
        "{seen}"
    );
    // An older version is not published.
    for (version, data) in [(6, "6"), (8, "8")] {
        api.shared_poll_publish_bytes("prices:1", "gold", version, data)
            .await
            .expect("published");
    }
    assert_eq!(push(&mut watcher, "prices:1").await["data"], 8);
    let versionless = api.shared_poll_publish("prices:1", "gold", 0, &9).await;
    assert_eq!(versionless.expect_err("no version").code(), Some(107));
    // Subscribers have to subscribe again.
    api.shared_poll_publish("prices:1", "gold", 1, &1)
        .epoch("another")
        .await
        .expect("published");
    let line = watcher.line().await;
    assert!(line.contains(r#""unsubscribe":{"code":2500"#), "{line}");
}
