//! nginx in front of Centrifugo's APIs, and URLs that are not those of the APIs.

use std::time::Duration;

use centrifugo::api::{Client as Api, ClientBuilder, Delivery, Error, ErrorKind};
use futures_util::future::join_all;
use peers::{Nginx, StandaloneNode};
use serde_json::json;

fn centrifugo() -> StandaloneNode {
    StandaloneNode::start(json!({
        "http_api": { "insecure": true },
        "channel": { "namespaces": [{ "name": "room", "history_size": 10_000, "history_ttl": "60s" }] },
    }))
}

const CALLS: u64 = 3000;

/// Publishes many numbers concurrently and checks that each is in the history exactly once.
async fn publish_each_once(centrifugo: &StandaloneNode, builder: ClientBuilder) {
    let api = builder
        .timeout(Duration::from_secs(60))
        .build()
        .expect("a client");
    // Without idempotency keys, the client does not repeat a call that may have been carried out.
    let calls = (0..CALLS).map(|number| api.publish("room:1", &number).into_future());
    let results = join_all(calls).await;
    let failed: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    assert!(
        failed.is_empty(),
        "{} of {CALLS} failed: {:?}",
        failed.len(),
        failed.first()
    );
    let direct = Api::grpc(format!("grpc://{}", centrifugo.grpc_api()))
        .build()
        .expect("a client");
    let history = direct.history("room:1").all().await.expect("a history");
    let mut numbers: Vec<u64> = history
        .publications
        .iter()
        .map(|publication| publication.json().expect("a number"))
        .collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(0..CALLS));
}

/// nginx closes a connection after `keepalive_requests` (1,000 by default), over HTTP/2 with GOAWAY.
#[tokio::test(flavor = "multi_thread")]
async fn publishes_each_of_3000_once_behind_nginx_over_grpc() {
    let centrifugo = centrifugo();
    let server = format!("location / {{ grpc_pass grpc://{}; }}", centrifugo.grpc_api());
    let nginx = Nginx::start("http2", &server);
    let api = Api::grpc(format!("grpc://{}", nginx.address()));
    publish_each_once(&centrifugo, api).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publishes_each_of_3000_once_behind_nginx_over_http() {
    let centrifugo = centrifugo();
    // Few requests for each connection, because waiting publishes are sent in batches.
    let server = format!(
        "keepalive_requests 10; location / {{ proxy_pass http://{}; }}",
        centrifugo.http_api()
    );
    let nginx = Nginx::start("", &server);
    let api = Api::http(format!("http://{}", nginx.address()));
    publish_each_once(&centrifugo, api).await;
}

async fn refused(api: &Api) -> Error {
    let call = api.publish("room:1", &1).idempotency_key("k");
    call.await.expect_err("nobody publishes it")
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_redirects_with_their_location() {
    for status in [301, 302, 307, 308] {
        let to = "https://centrifugo.example/api/publish";
        for (listen, scheme) in [("", "http"), ("http2", "grpc")] {
            let nginx = Nginx::start(listen, &format!("return {status} {to};"));
            let url = format!("{scheme}://{}", nginx.address());
            let builder = if scheme == "http" {
                Api::http(url)
            } else {
                Api::grpc(url)
            };
            let error = refused(&builder.build().expect("a client")).await;
            assert_eq!(
                (error.kind(), error.delivery(), error.is_temporary()),
                (ErrorKind::Refused, Delivery::Refused, false),
                "{error}"
            );
            assert!(error.to_string().contains(to), "{error}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn asks_to_check_the_url_when_another_page_answers() {
    let centrifugo = centrifugo();
    let nginx = Nginx::start(
        "",
        "default_type text/html; location / { return 200 '<html></html>'; } location /slow { return 429; }",
    );
    for (url, kind, content_type) in [
        (
            format!("http://{}", nginx.address()),
            ErrorKind::Unreadable,
            "text/html",
        ),
        // Centrifugo's address without `/api`.
        (
            format!("http://{}/v1", centrifugo.http_api()),
            ErrorKind::Unsupported,
            "text/plain",
        ),
    ] {
        let error = refused(&Api::http(&url).build().expect("a client")).await;
        assert_eq!(error.kind(), kind, "{error}");
        let address = url.trim_start_matches("http://");
        for part in [address, content_type, "is this the URL of the HTTP API?"] {
            assert!(error.to_string().contains(part), "{error}");
        }
    }
    let throttled = Api::http(format!("http://{}/slow", nginx.address()))
        .build()
        .expect("a client");
    let error = throttled.publish("room:1", &1).await.expect_err("too many");
    assert_eq!(
        (error.kind(), error.delivery(), error.is_temporary()),
        (ErrorKind::Refused, Delivery::Refused, true),
        "{error}"
    );
    let right = Api::http(format!("http://{}", centrifugo.http_api()))
        .build()
        .expect("a client");
    right.publish("room:1", &1).await.expect("published");
}
