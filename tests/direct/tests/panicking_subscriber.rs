//! A program whose tracing subscriber panics when a span is entered or exited: its events are answered as ever.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use centrifugo::{Data, Server};
use support::http_client::post;
use tokio::net::TcpListener;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static PANICS: AtomicUsize = AtomicUsize::new(0);

struct Panics;

impl Subscriber for Panics {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target() == "centrifugo::event"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {
        PANICS.fetch_add(1, Ordering::SeqCst);
        panic!("entered");
    }
    fn exit(&self, _: &Id) {
        PANICS.fetch_add(1, Ordering::SeqCst);
        panic!("exited");
    }
}

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

#[centrifugo::rpc("yields")]
async fn yields(data: Data) -> Data {
    tokio::task::yield_now().await;
    data
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_events_although_the_subscriber_panics() {
    tracing::subscriber::set_global_default(Panics).unwrap();
    let server = Server::from_env().unwrap().allow_unauthenticated();
    let app = server.build().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = app.into_router().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    for method in ["echo", "yields"] {
        for n in 0..20 {
            let body = format!(r#"{{"method":"{method}","data":{n}}}"#);
            let expected = format!(r#"{{"result":{{"data":{n}}}}}"#);
            assert_eq!(
                post(address, "/centrifugo/rpc", &body).await,
                (200, expected),
                "{method}"
            );
        }
    }
    // Once in and once out for each poll. A thread may exit the span after the answer is sent.
    let expected = 2 * (20 + 40);
    let end = Instant::now() + Duration::from_secs(10);
    while PANICS.load(Ordering::SeqCst) < expected && Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(PANICS.load(Ordering::SeqCst), expected);
}
