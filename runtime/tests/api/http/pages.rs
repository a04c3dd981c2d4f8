//! Answers over HTTP that do not come from Centrifugo's API.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use centrifugo::api::{Client, Delivery, Error, ErrorKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::fails;

/// The error for this answer, and how many requests were made.
async fn answered(status: u16, header: &str, body: &str) -> (Error, usize, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let answer = format!(
        "HTTP/1.1 {status} X\r\n{header}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut seen = Vec::new();
            while !seen.ends_with(b"}") {
                assert_ne!(stream.read_buf(&mut seen).await.unwrap(), 0);
            }
            count.fetch_add(1, Ordering::SeqCst);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let client = Client::http(format!("http://{address}")).build().unwrap();
    let error = fails(client.publish("news", &1).idempotency_key("k")).await;
    (error, requests.load(Ordering::SeqCst), address)
}

#[tokio::test]
async fn refuses_redirects_with_their_location() {
    for status in [301, 302, 303, 307, 308] {
        let location = "location: https://example.org/api/publish";
        let (error, requests, address) = answered(status, location, "<html>").await;
        assert_eq!(
            (error.kind(), error.delivery(), error.is_temporary()),
            (ErrorKind::Refused, Delivery::Refused, false)
        );
        let text = error.to_string();
        for part in [&*address, "https://example.org/api/publish", &status.to_string()] {
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(requests, 1);
    }
    let (error, ..) = answered(301, "x-other: 1", "").await;
    assert_eq!(error.kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn asks_for_the_url_on_other_pages() {
    for (status, header, body, kind, content_type) in [
        (
            200,
            "content-type: text/html; charset=utf-8",
            "<html>",
            ErrorKind::Unreadable,
            "text/html",
        ),
        (
            200,
            "content-type: text/plain",
            "ok",
            ErrorKind::Unreadable,
            "text/plain",
        ),
        (
            200,
            "x-other: 1",
            "<html>",
            ErrorKind::Unreadable,
            "no content type",
        ),
        (
            404,
            "content-type: text/plain; charset=utf-8",
            "404 page not found",
            ErrorKind::Unsupported,
            "text/plain",
        ),
    ] {
        let (error, requests, address) = answered(status, header, body).await;
        assert_eq!(error.kind(), kind, "{error}");
        let text = error.to_string();
        for part in [
            &*format!("{address}/api"),
            content_type,
            "is this the URL of the HTTP API?",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(requests, 1);
    }
}
