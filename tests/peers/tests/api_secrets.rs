//! API keys and TLS of the server API, over gRPC and HTTP.

mod support;

use std::time::Duration;

use centrifugo::api::{Client, ClientBuilder, Delivery, Error, ErrorKind};
use peers::StandaloneNode;
use serde_json::{Value, json};
use support::api::{ApiTransport, KEY, setup};
use test_support::Authority;

const WRONG: &str = "wr0ng of these tests";

/// Returns the error of a client's first call.
async fn call_error(builder: ClientBuilder) -> Error {
    let client = builder.timeout(Duration::from_secs(1)).build().expect("a client");
    let error = client.publish("a", &1).await.expect_err("refused");
    let text = format!("{error} {error:?} {client:?}");
    assert!(!text.contains(KEY) && !text.contains(WRONG), "{text}");
    error
}

async fn assert_works(builder: ClientBuilder) {
    let client = builder.build().expect("a client");
    client.publish("a", &1).await.expect("published");
}

#[tokio::test(flavor = "multi_thread")]
async fn accepts_only_the_right_api_key() {
    let alone = StandaloneNode::start(json!({ "grpc_api": { "key": KEY }, "http_api": { "key": KEY } }));
    let clients: [&dyn Fn() -> ClientBuilder; 2] =
        [&|| Client::grpc(format!("grpc://{}", alone.grpc_api())), &|| {
            Client::http(format!("http://{}", alone.http_api()))
        }];
    for client in clients {
        assert_works(client().key(KEY)).await;
        for builder in [client(), client().key(WRONG), client().key(KEY.to_uppercase())] {
            let error = call_error(builder).await;
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

/// RoadRunner cannot send an API key.
#[tokio::test(flavor = "multi_thread")]
async fn reports_that_roadrunner_sends_no_api_key() {
    let stack = setup(env!("CARGO_BIN_EXE_backend"))
        .centrifugo(json!({ "grpc_api": { "key": KEY } }))
        .start();
    let error = call_error(ApiTransport::RoadRunner.client(&stack)).await;
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
async fn accepts_only_trusted_certificates() {
    let [authority, stranger] = ["api", "api-stranger"].map(Authority::new);
    let alone = StandaloneNode::start(tls(authority.sign("127.0.0.1")));
    let other = StandaloneNode::start(tls(authority.sign("another.test")));
    let plain = StandaloneNode::start(json!({ "http_api": { "insecure": true } }));
    let grpc = |alone: &StandaloneNode| Client::grpc(format!("grpcs://{}", alone.grpc_api()));
    let http = |alone: &StandaloneNode| Client::http(format!("https://{}", alone.http_api()));

    assert_works(grpc(&alone).ca_certificate(authority.pem.as_str())).await;
    assert_works(http(&alone).ca_certificate(authority.pem.as_str())).await;
    // Several certificates can be trusted.
    let both = format!("{}{}", stranger.pem, authority.pem);
    assert_works(grpc(&alone).ca_certificate(both.as_str())).await;
    assert_works(http(&alone).ca_certificate(both.as_str())).await;

    for builder in [
        grpc(&alone).ca_certificate(stranger.pem.as_str()),
        http(&alone).ca_certificate(stranger.pem.as_str()),
        // The system's certificates.
        grpc(&alone),
        http(&alone),
        // A certificate for another host.
        grpc(&other).ca_certificate(authority.pem.as_str()),
        http(&other).ca_certificate(authority.pem.as_str()),
    ] {
        let error = call_error(builder).await;
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::NotConnected, Delivery::NotSent),
            "{error}"
        );
        assert!(error.to_string().contains("certificate"), "{error}");
    }
    // Only one side uses TLS.
    for builder in [
        grpc(&plain).ca_certificate(authority.pem.as_str()),
        http(&plain).ca_certificate(authority.pem.as_str()),
        Client::grpc(format!("grpc://{}", alone.grpc_api())),
    ] {
        let error = call_error(builder).await;
        assert!(error.is_temporary(), "{error}");
    }
    let error = call_error(Client::http(format!("http://{}", alone.http_api()))).await;
    assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
}
