//! The time limit of a handler.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::time::{Duration, Instant};

use centrifugo::testing::TestClient;

#[centrifugo::rpc("works-and-waits", timeout = "300ms")]
async fn works_and_waits() {
    std::thread::sleep(Duration::from_millis(200));
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn counts_the_time_before_the_first_await() {
    let t = TestClient::builder().build().await.unwrap();
    let begun = Instant::now();
    assert_eq!(t.rpc("works-and-waits").await.error().unwrap().code, 100);
    let took = begun.elapsed();
    assert!(
        took >= Duration::from_millis(300) && took < Duration::from_millis(400),
        "{took:?}"
    );
}
