//! Methods of the server API for users and connections, over each transport, and the events that clients receive.

mod support;

use std::time::{Duration, Instant};

use centrifuge::ClientEvent;
use centrifugo::api::{Delivery, ErrorKind};
use peers::Client;
use serde_json::json;
use support::api::{ApiPeers, over_each_transport};

over_each_transport!(
    subscribes_users,
    unsubscribes_users,
    disconnects_users,
    refreshes_connections,
    reads_nodes_and_channels
);

/// Waits for the next server-side subscription, unsubscription, publication or disconnect, as text.
async fn next_server_event(client: &mut Client) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    loop {
        match client.next().await {
            ClientEvent::ServerSubscribed(event) => {
                let data = event.info.data.unwrap_or_default();
                return format!("subscribed {} {}", event.channel, text(&data));
            }
            ClientEvent::ServerUnsubscribed(event) => return format!("unsubscribed {}", event.channel),
            ClientEvent::ServerPublication(event) => {
                return format!("{}: {}", event.channel, text(&event.publication.data));
            }
            ClientEvent::Disconnected(event) => return format!("disconnected {}", event.code),
            _ => {}
        }
    }
}

/// Connects. Returns the client and its id in Centrifugo.
async fn connected(peers: &ApiPeers, user: &str) -> (Client, String) {
    let mut client = Client::start(&peers.stack, &json!({ "user": user }));
    loop {
        if let ClientEvent::Connected(event) = client.next().await {
            return (client, event.client_id);
        }
    }
}

async fn subscribes_users(peers: ApiPeers) {
    let api = &peers.api;
    let (mut ann, id) = connected(&peers, "ann").await;
    let (mut other, _) = connected(&peers, "ann").await;
    api.subscribe("ann", "room:1")
        .data(&"welcome")
        .info(&json!({ "role": "guest" }))
        .await
        .expect("subscribed");
    assert_eq!(
        next_server_event(&mut ann).await,
        r#"subscribed room:1 "welcome""#
    );
    assert_eq!(
        next_server_event(&mut other).await,
        r#"subscribed room:1 "welcome""#
    );
    let present = api.presence("room:1").await.expect("presence").presence;
    let info = &present[&id];
    assert_eq!(info.user, "ann");
    assert_eq!(info.conn_info, br#"{"name":"ann"}"#.as_slice());
    assert_eq!(info.chan_info, br#"{"role":"guest"}"#.as_slice());
    assert_eq!(present.len(), 2);

    // Only one of the two clients, without presence. Centrifugo 6.9.1 accepts the position but does not send the missed
    // publications.
    let missed = api.publish("room:2", &"missed").await.expect("published");
    api.subscribe("ann", "room:2")
        .client(&id)
        .presence(false)
        .recover_since(missed.offset - 1, &missed.epoch)
        .force_recovery(true)
        .await
        .expect("subscribed");
    assert_eq!(next_server_event(&mut ann).await, "subscribed room:2 ");
    assert!(
        api.presence("room:2")
            .await
            .expect("presence")
            .presence
            .is_empty()
    );
    api.publish("room:2", &"now").await.expect("published");
    assert_eq!(next_server_event(&mut ann).await, r#"room:2: "now""#);
    api.publish("room:1", &"now").await.expect("published");
    assert_eq!(next_server_event(&mut ann).await, r#"room:1: "now""#);
    assert_eq!(next_server_event(&mut other).await, r#"room:1: "now""#);

    let code = api
        .subscribe("ann", "nowhere:1")
        .await
        .expect_err("unknown")
        .code();
    assert_eq!(code, Some(102));
    // A user without connections is not an error.
    api.subscribe("nobody", "room:1").await.expect("done");
}

async fn unsubscribes_users(peers: ApiPeers) {
    let api = &peers.api;
    let (mut ann, id) = connected(&peers, "ann").await;
    let (other, _) = connected(&peers, "ann").await;
    let mut own = ann.subscribe("room:1");
    assert_eq!(own.outcome().await, "subscribed ");
    let mut others = other.subscribe("room:1");
    assert_eq!(others.outcome().await, "subscribed ");
    api.unsubscribe("ann", "room:1")
        .client(&id)
        .await
        .expect("unsubscribed");
    assert_eq!(own.outcome().await, "unsubscribed 2000 server unsubscribe");
    api.publish("room:1", &"still").await.expect("published");
    assert_eq!(others.publication().await.0, "still");
    api.unsubscribe("ann", "room:1").await.expect("unsubscribed");
    assert_eq!(others.outcome().await, "unsubscribed 2000 server unsubscribe");

    api.subscribe("ann", "room:2").await.expect("subscribed");
    assert_eq!(next_server_event(&mut ann).await, "subscribed room:2 ");
    api.unsubscribe("ann", "room:2").await.expect("unsubscribed");
    assert_eq!(next_server_event(&mut ann).await, "unsubscribed room:2");
    let code = api
        .unsubscribe("ann", "nowhere:1")
        .await
        .expect_err("unknown")
        .code();
    assert_eq!(code, Some(102));
}

async fn disconnects_users(peers: ApiPeers) {
    let api = &peers.api;
    let (mut ann, _) = connected(&peers, "ann").await;
    let (mut other, id) = connected(&peers, "ann").await;
    let (mut third, third_id) = connected(&peers, "ann").await;
    api.disconnect("ann")
        .client(&third_id)
        .await
        .expect("disconnected");
    assert_eq!(third.outcome().await, "disconnected 3503 force disconnect");
    api.disconnect("ann")
        .reason::<4501>("banned")
        .keep([&id])
        .await
        .expect("disconnected");
    assert_eq!(ann.outcome().await, "disconnected 4501 banned");
    assert_eq!(other.rpc("echo", &json!(1)).await, Ok(json!(1)));
    // A code after which the client reconnects.
    api.disconnect("ann")
        .reason::<4001>("again")
        .await
        .expect("disconnected");
    assert_eq!(other.outcome().await, "connecting 4001 again");
    assert_eq!(other.outcome().await, "connected");
    let error = api
        .disconnect("ann")
        .reason::<4501>("a reason that is longer than thirty-two bytes")
        .await
        .expect_err("too long");
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Invalid, Delivery::NotSent)
    );
    assert_eq!(other.rpc("echo", &json!(1)).await, Ok(json!(1)));
}

async fn refreshes_connections(peers: ApiPeers) {
    let api = &peers.api;
    // The backend lets connections of this user expire unless the API refreshes them first.
    let start = || Client::start(&peers.stack, &json!({ "user": "gone", "expires_in": 2 }));
    let (mut extended, mut left) = (start(), start());
    let ClientEvent::Connected(event) = (loop {
        let event = extended.next().await;
        if matches!(event, ClientEvent::Connected(_)) {
            break event;
        }
    }) else {
        panic!("not connected");
    };
    assert_eq!(left.outcome().await, "connected");
    api.refresh("gone")
        .client(&event.client_id)
        .expires_in(Duration::from_secs(3600))
        .await
        .expect("refreshed");
    assert_eq!(left.outcome().await, "connecting 3005 connection expired");
    let stays = tokio::time::timeout(Duration::from_secs(3), extended.outcome()).await;
    assert!(stays.is_err(), "{stays:?}");
    assert_eq!(extended.rpc("echo", &json!(1)).await, Ok(json!(1)));

    let (mut ann, _) = connected(&peers, "ann").await;
    api.refresh("ann").expired().await.expect("refreshed");
    assert_eq!(ann.outcome().await, "connecting 3005 connection expired");
}

async fn reads_nodes_and_channels(peers: ApiPeers) {
    let api = &peers.api;
    let (ann, _) = connected(&peers, "ann").await;
    let (bob, _) = connected(&peers, "bob").await;
    let mut kept = Vec::new();
    for (client, channel) in [(&ann, "room:1"), (&bob, "room:1"), (&ann, "bare:1")] {
        let mut subscribed = client.subscribe(channel);
        assert_eq!(subscribed.outcome().await, "subscribed ");
        kept.push(subscribed);
    }
    // Nodes publish their information every few seconds.
    let end = Instant::now() + Duration::from_secs(10);
    let node = loop {
        let nodes = api.info().await.expect("info").nodes;
        let [node] = <[_; 1]>::try_from(nodes).expect("one node");
        if node.num_clients > 0 {
            break node;
        }
        assert!(Instant::now() < end, "{node:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert!(node.version.starts_with("6.9.6"), "{node:?}");
    assert_eq!((node.num_clients, node.num_users, node.num_channels), (2, 2, 2));

    let all = api.channels().await.expect("channels").channels;
    assert_eq!(all.len(), 2);
    assert_eq!((all["room:1"].num_clients, all["bare:1"].num_clients), (2, 1));
    let rooms = api.channels().pattern("room:*").await.expect("channels").channels;
    assert_eq!(rooms.keys().collect::<Vec<_>>(), ["room:1"]);

    // The open-source server has no RPC extensions.
    for error in [
        api.rpc("stats", &"today").await.expect_err("no method"),
        api.rpc_bytes("stats", "{}").await.expect_err("no method"),
    ] {
        assert_eq!((error.code(), error.message()), (Some(104), "not found"));
    }
}
