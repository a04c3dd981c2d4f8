//! Stale connections to the server API: open, but no bytes pass, as when a firewall drops their state.

mod support;

use std::time::Duration;

use centrifugo::api::{Client as Api, ClientBuilder, Delivery, ErrorKind};
use peers::Setup;
use serde_json::json;
use support::api::{ApiTransport, KEY};
use support::tunnel::Tunnel;

/// Returns a client that connects through a tunnel.
async fn through_a_tunnel(way: ApiTransport, stack: &peers::Stack) -> (ClientBuilder, Tunnel) {
    let url = match way {
        ApiTransport::RoadRunner => stack.rpc(),
        ApiTransport::Grpc => stack.grpc_api(),
        ApiTransport::Http => stack.http_api(),
    };
    let (scheme, address) = url.split_once("://").expect("a URL");
    let tunnel = Tunnel::start(address.to_owned()).await;
    let url = format!("{scheme}://{}", tunnel.address);
    let builder = match way {
        ApiTransport::RoadRunner => Api::roadrunner(url),
        ApiTransport::Grpc => Api::grpc(url),
        ApiTransport::Http => Api::http(url).key(KEY),
    };
    (builder, tunnel)
}

async fn replaces_a_stale_connection(way: ApiTransport) {
    let stack = Setup::new(env!("CARGO_BIN_EXE_backend"))
        .centrifugo(json!({
            "http_api": { "key": KEY },
            "channel": { "namespaces": [{ "name": "room", "history_size": 100, "history_ttl": "60s" }] },
        }))
        .start();
    let (builder, tunnel) = through_a_tunnel(way, &stack).await;
    let api = builder
        .timeout(Duration::from_secs(30))
        .build()
        .expect("a client");
    api.publish("room:1", &1).await.expect("published");
    assert_eq!(tunnel.connections(), 1);

    tunnel.stall_connections().await;
    let call = api.publish("room:1", &2).timeout(Duration::from_millis(500));
    let error = call.await.expect_err("nothing passes");
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::TimedOut, Delivery::Unknown),
        "{error}"
    );
    api.publish("room:1", &3).await.expect("published");
    assert_eq!(tunnel.connections(), 2);

    tunnel.stall_connections().await;
    api.publish("room:1", &4)
        .idempotency_key("4")
        .timeout(Duration::from_secs(8))
        .await
        .expect("published");
    assert_eq!(tunnel.connections(), 3);

    let history = api.history("room:1").all().await.expect("a history");
    let said: Vec<u8> = history
        .publications
        .iter()
        .map(|publication| publication.json().expect("a number"))
        .collect();
    assert_eq!(said, [1, 3, 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn replaces_a_stale_connection_over_roadrunner() {
    replaces_a_stale_connection(ApiTransport::RoadRunner).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replaces_a_stale_connection_over_grpc() {
    replaces_a_stale_connection(ApiTransport::Grpc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replaces_a_stale_connection_over_http() {
    replaces_a_stale_connection(ApiTransport::Http).await;
}
