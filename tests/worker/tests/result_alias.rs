//! A state function whose return type is an alias of `Result`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::num::ParseIntError;

use centrifugo::testing::TestClient;

type Parsed<T> = Result<T, ParseIntError>;

#[centrifugo::state]
fn number() -> Parsed<u8> {
    "no number".parse()
}

#[centrifugo::rpc("any")]
fn any() {}

#[tokio::test]
async fn asks_for_a_result_without_an_alias() {
    let error = TestClient::builder().build().await.err().unwrap();
    let text = error.to_string();
    for part in [
        "alias.rs:11",
        "state `number` is a `core::result::Result<",
        "write the return type as `Result<..>`",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}
