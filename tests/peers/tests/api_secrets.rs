//! Who asks for the server API: keys and TLS, over gRPC and over HTTP.

mod support;

use std::time::Duration;

use centrifugo::api::{Client, ClientBuilder, Delivery, Error, ErrorKind};
use peers::Alone;
use serde_json::{Value, json};
use support::api::{KEY, Way, setup};
use test_support::Authority;

const WRONG: &str = "wr0ng of these tests";

/// The error of a client's first call.
async fn fails(builder: ClientBuilder) -> Error {
    let client = builder.timeout(Duration::from_secs(1)).build().expect("a client");
    let error = client.publish("a", &1).await.expect_err("refused");
    let text = format!("{error} {error:?} {client:?}");
    assert!(!text.contains(KEY) && !text.contains(WRONG), "{text}");
    error
}

async fn works(builder: ClientBuilder) {
    let client = builder.build().expect("a client");
    client.publish("a", &1).await.expect("published");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys() {
    let alone = Alone::start(json!({ "grpc_api": { "key": KEY }, "http_api": { "key": KEY } }));
    let clients: [&dyn Fn() -> ClientBuilder; 2] =
        [&|| Client::grpc(format!("grpc://{}", alone.grpc_api())), &|| {
            Client::http(format!("http://{}", alone.http_api()))
        }];
    for client in clients {
        works(client().key(KEY)).await;
        for builder in [client(), client().key(WRONG), client().key(KEY.to_uppercase())] {
            let error = fails(builder).await;
            assert_eq!(
                (error.kind(), error.delivery(), error.is_temporary()),
                (ErrorKind::Refused, Delivery::Refused, false),
                "{error}"
            );
            assert!(error.to_string().contains("refuses the API key"), "{error}");
        }
    }
    let log = alone.node.process.log();
    assert!(!log.contains(WRONG), "{log}");
}

/// RoadRunner has no key to show.
#[tokio::test(flavor = "multi_thread")]
async fn roadrunner_before_a_key() {
    let stack = setup(env!("CARGO_BIN_EXE_backend"))
        .centrifugo(json!({ "grpc_api": { "key": KEY } }))
        .start();
    let error = fails(Way::RoadRunner.client(&stack)).await;
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Refused, Delivery::Refused)
    );
    assert!(error.to_string().contains("RoadRunner has none"), "{error}");
}

fn tls((cert, key): (String, String)) -> Value {
    let tls = json!({ "enabled": true, "cert_pem": cert, "key_pem": key });
    json!({ "grpc_api": { "tls": tls }, "http_server": { "tls": tls }, "http_api": { "insecure": true } })
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates() {
    let [authority, stranger] = ["api", "api-stranger"].map(Authority::new);
    let alone = Alone::start(tls(authority.sign("127.0.0.1")));
    let other = Alone::start(tls(authority.sign("another.test")));
    let plain = Alone::start(json!({ "http_api": { "insecure": true } }));
    let grpc = |alone: &Alone| Client::grpc(format!("grpcs://{}", alone.grpc_api()));
    let http = |alone: &Alone| Client::http(format!("https://{}", alone.http_api()));

    works(grpc(&alone).ca_certificate(authority.pem.as_str())).await;
    works(http(&alone).ca_certificate(authority.pem.as_str())).await;
    // Several can be trusted.
    let both = format!("{}{}", stranger.pem, authority.pem);
    works(grpc(&alone).ca_certificate(both.as_str())).await;
    works(http(&alone).ca_certificate(both.as_str())).await;

    for builder in [
        grpc(&alone).ca_certificate(stranger.pem.as_str()),
        http(&alone).ca_certificate(stranger.pem.as_str()),
        // Those of the system.
        grpc(&alone),
        http(&alone),
        // Another host's.
        grpc(&other).ca_certificate(authority.pem.as_str()),
        http(&other).ca_certificate(authority.pem.as_str()),
    ] {
        let error = fails(builder).await;
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::NotConnected, Delivery::NotSent),
            "{error}"
        );
        assert!(error.to_string().contains("certificate"), "{error}");
    }
    // One side without TLS.
    for builder in [
        grpc(&plain).ca_certificate(authority.pem.as_str()),
        http(&plain).ca_certificate(authority.pem.as_str()),
        Client::grpc(format!("grpc://{}", alone.grpc_api())),
    ] {
        let error = fails(builder).await;
        assert!(error.is_temporary(), "{error}");
    }
    let error = fails(Client::http(format!("http://{}", alone.http_api()))).await;
    assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
}
