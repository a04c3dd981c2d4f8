//! The client of the server API against servers that do what no real one does.
#![cfg(feature = "api")]
#![allow(clippy::unwrap_used, reason = "helpers of tests, too")]

mod capacity;
mod goaway;
mod grpc;
mod http;
mod http2;
mod roadrunner;
mod silence;
mod temporary;
mod transport_mode;

use std::time::Duration;

use centrifugo::api::Error;
use centrifugo::proto::api::PublishResult;

/// A call that answers nobody must not hang a test.
async fn soon<T>(future: impl IntoFuture<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .expect("it took more than 20 s")
}

async fn fails(call: impl IntoFuture<Output = Result<PublishResult, Error>>) -> Error {
    let error = soon(call).await.expect_err("the call succeeded");
    // What `Debug` of some library shows is no text for people.
    assert!(!error.to_string().contains("::"), "{error}");
    error
}
