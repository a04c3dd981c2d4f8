//! Publish methods of the server API over each transport, and the publications that clients receive.

mod support;

use centrifuge::{Protocol, SubscriptionEvent};
use centrifugo::api::{Delivery, Error, ErrorKind};
use peers::{Client, ClientSubscription};
use serde_json::{Value, json};
use support::api::{ApiPeers, ApiTransport, over_each_transport};

over_each_transport!(
    publishes_to_clients,
    applies_publish_options,
    publishes_any_bytes,
    broadcasts_to_several_channels,
    sends_calls_in_batches
);

async fn subscribed(client: &Client, channel: &str) -> ClientSubscription {
    let mut subscribed = client.subscribe(channel);
    assert_eq!(subscribed.outcome().await, "subscribed ");
    subscribed
}

async fn data(subscribed: &mut ClientSubscription) -> Value {
    subscribed.publication().await.0
}

/// Returns the code of Centrifugo's error.
fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> u32 {
    let error = result.expect_err("an error of Centrifugo");
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Answered, Delivery::Refused),
        "{error}"
    );
    error.code().expect("a code")
}

async fn publishes_to_clients(peers: ApiPeers) {
    let api = &peers.api;
    let ann = peers.user("ann").await;
    let mut room = subscribed(&ann, "room:1").await;
    let first = api
        .publish("room:1", &json!({ "text": "hi" }))
        .tag("by", "bot")
        .await;
    let first = first.expect("published");
    // A number that a float cannot hold, and one that would become an integer.
    let second = api.publish_bytes("room:1", "[1152921504606846977, 1.0]").await;
    let second = second.expect("published");
    assert_eq!((first.offset, second.offset), (1, 2));
    assert_eq!(first.epoch, second.epoch);
    assert!(!first.epoch.is_empty());
    let expected = (json!({ "text": "hi" }), vec![("by".into(), "bot".into())]);
    assert_eq!(room.publication().await, expected);
    let SubscriptionEvent::Publication(seen) = room.next().await else {
        panic!("no publication");
    };
    let text = String::from_utf8_lossy(&seen.data).replace(' ', "");
    assert_eq!(text, "[1152921504606846977,1.0]");

    // A channel without history has no offsets.
    let bare = api.publish("bare:1", &1).await.expect("published");
    assert_eq!((bare.offset, bare.epoch.as_str()), (0, ""));
    assert_eq!(code(api.publish("nowhere:1", &1).await), 102);
    assert_eq!(code(api.publish("", &1).await), 107);
    assert_eq!(code(api.publish("board:1", &1).await), 107);
}

async fn applies_publish_options(peers: ApiPeers) {
    let api = &peers.api;
    let ann = peers.user("ann").await;
    let mut room = subscribed(&ann, "room:1").await;
    let first = api.publish("room:1", &"once").idempotency_key("k").await;
    let again = api.publish("room:1", &"once").idempotency_key("k").await;
    assert_eq!(first.expect("published"), again.expect("published"));
    api.publish("room:1", &"kept out")
        .skip_history()
        .await
        .expect("published");
    api.publish("room:1", &"delta").delta().await.expect("published");
    for expected in ["once", "kept out", "delta"] {
        assert_eq!(data(&mut room).await, expected);
    }
    let history = api.history("room:1").all().await.expect("a history");
    let texts: Vec<String> = history
        .publications
        .iter()
        .map(|publication| publication.json().expect("JSON"))
        .collect();
    assert_eq!(texts, ["once", "delta"]);

    // A version that is not higher than the last is dropped, unless the epoch differs.
    let mut score = subscribed(&ann, "room:score").await;
    for (version, epoch) in [(7, "a"), (6, "a"), (7, "a"), (8, "a"), (1, "b")] {
        api.publish("room:score", &json!([epoch, version]))
            .version(version)
            .version_epoch(epoch)
            .await
            .expect("published");
    }
    for expected in [json!(["a", 7]), json!(["a", 8]), json!(["b", 1])] {
        assert_eq!(data(&mut score).await, expected);
    }
}

async fn publishes_any_bytes(peers: ApiPeers) {
    let login = json!({ "user": "ann" }).to_string();
    let mut ann = Client::start_with(&peers.stack, Protocol::Protobuf, login.into_bytes());
    assert_eq!(ann.outcome().await, "connected");
    let mut camera = subscribed(&ann, "bare:camera").await;
    let all: Vec<u8> = (0..=255).collect();
    for sent in [all.clone(), b" {}".to_vec(), b"{".to_vec(), vec![0xff; 3 << 20]] {
        peers
            .api
            .publish_bytes("bare:camera", sent.clone())
            .await
            .expect("published");
        let SubscriptionEvent::Publication(seen) = camera.next().await else {
            panic!("no publication");
        };
        assert!(
            seen.data == sent,
            "{} bytes came of {}",
            seen.data.len(),
            sent.len()
        );
    }
    let results = peers.api.broadcast_bytes(["bare:camera"], all.clone()).await;
    assert!(results.expect("results").iter().all(Result::is_ok));
    let SubscriptionEvent::Publication(seen) = camera.next().await else {
        panic!("no publication");
    };
    assert!(seen.data == all);
}

async fn broadcasts_to_several_channels(peers: ApiPeers) {
    let api = &peers.api;
    let (ann, bob) = (peers.user("ann").await, peers.user("bob").await);
    let mut rooms = [subscribed(&ann, "room:a").await, subscribed(&bob, "bare:b").await];
    let results = api
        .broadcast(["room:a", "nowhere:x", "bare:b"], &"all")
        .tag("by", "bot")
        .idempotency_key("k")
        .await
        .expect("results");
    let [a, x, b] = <[_; 3]>::try_from(results).expect("a result for each channel");
    assert_eq!(a.expect("published").offset, 1);
    assert_eq!(code(x), 102);
    assert_eq!(b.expect("published").offset, 0);
    let again = api
        .broadcast(["room:a"], &"all")
        .idempotency_key("k")
        .await
        .expect("results");
    assert_eq!(again[0].as_ref().expect("published").offset, 1);
    api.broadcast(["room:a", "bare:b"], &"end")
        .await
        .expect("results");
    for room in &mut rooms {
        let by = vec![("by".into(), "bot".into())];
        assert_eq!(room.publication().await, (json!("all"), by));
        assert_eq!(data(room).await, "end");
    }
    assert_eq!(code(api.broadcast::<[&str; 0], _>([], &1).await), 107);
}

async fn sends_calls_in_batches(peers: ApiPeers) {
    let api = &peers.api;
    let ann = peers.user("ann").await;
    let mut room = subscribed(&ann, "room:1").await;
    let mut batch = api.batch();
    let first = batch.add(api.publish("room:1", &1));
    let wrong = batch.add(api.publish("nowhere:1", &2));
    let many = batch.add(api.broadcast(["room:1", "bare:1"], &3));
    let present = batch.add(api.presence("room:1"));
    let absent = batch.add(api.presence_stats("bare:1"));
    let kept = batch.add(api.history("room:1").all());
    let pro = batch.add(api.connections());
    let info = batch.add(api.info());
    let raw = batch.add(api.publish_bytes("bare:1", vec![0xff]));
    let gone = batch.add(api.unsubscribe("ann", "room:1"));
    let mut replies = batch.await.expect("replies");
    assert_eq!(replies.take(first).expect("published").offset, 1);
    assert_eq!(code(replies.take(wrong)), 102);
    let many = replies.take(many).expect("results");
    assert_eq!(many.len(), 2);
    assert_eq!(many[0].as_ref().expect("published").offset, 2);
    assert_eq!(replies.take(present).expect("presence").presence.len(), 1);
    assert_eq!(code(replies.take(absent)), 108);
    assert_eq!(replies.take(kept).expect("a history").publications.len(), 2);
    assert_eq!(code(replies.take(pro)), 104);
    assert_eq!(replies.take(info).expect("info").nodes.len(), 1);
    replies.take(raw).expect("published");
    replies.take(gone).expect("unsubscribed");
    assert_eq!(data(&mut room).await, 1);
    assert_eq!(data(&mut room).await, 3);
    assert_eq!(room.outcome().await, "unsubscribed 2000 server unsubscribe");

    // Parallel calls, of which some are refused before they are sent.
    let mut numbers = subscribed(&ann, "room:numbers").await;
    let mut batch = api.batch().parallel();
    let tickets: Vec<_> = (0..50)
        .map(|number| batch.add(api.publish("room:numbers", &number)))
        .collect();
    let never = batch.add(api.disconnect("ann").reason::<4501>("ä"));
    let mut replies = batch.await.expect("replies");
    assert_eq!(
        replies.take(never).expect_err("not sent").kind(),
        ErrorKind::Invalid
    );
    let mut offsets: Vec<_> = tickets
        .into_iter()
        .map(|ticket| replies.take(ticket).expect("published").offset)
        .collect();
    offsets.sort_unstable();
    assert!(offsets.into_iter().eq(1..=50));
    let mut seen = Vec::new();
    for _ in 0..50 {
        seen.push(data(&mut numbers).await.as_u64().expect("a number"));
    }
    seen.sort_unstable();
    assert!(seen.into_iter().eq(0..50));
    assert!(api.batch().await.is_ok());

    // In a batch, RoadRunner passes on methods that it does not offer as single calls.
    let mut batch = api.batch();
    let set = batch.add(api.map_publish("board:1", "a", &1));
    let stats = batch.add(api.map_stats("board:1"));
    let mut replies = batch.await.expect("replies");
    assert_eq!(replies.take(set).expect("published").offset, 1);
    assert_eq!(replies.take(stats).expect("statistics").num_keys, 1);
    let alone = api.map_stats("board:1").await;
    assert_eq!(alone.is_ok(), peers.way != ApiTransport::RoadRunner);
}
