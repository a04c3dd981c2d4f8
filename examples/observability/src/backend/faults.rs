//! Handlers that fail on purpose. Only `cargo run -p observability -- faults` calls them.

use std::time::Duration;

use centrifugo::api::Client;
use centrifugo::{Error, State};

#[centrifugo::rpc("faults/internal")]
fn internal() -> Result<(), Error> {
    Err(Error::internal("the database is down"))
}

#[centrifugo::rpc("faults/panic")]
fn panic() {
    panic!("a mistake in a handler");
}

/// Waits for an answer that never comes.
#[centrifugo::rpc("faults/timeout", timeout = "100ms")]
async fn timeout() {
    std::future::pending::<()>().await;
}

/// Replies late, as a handler does that waits for a slow database.
#[centrifugo::rpc("faults/slow")]
async fn slow() {
    tokio::time::sleep(Duration::from_millis(1500)).await;
}

/// Blocks its thread, as a call of a blocking library does.
#[centrifugo::rpc("faults/block", timeout = "100ms")]
async fn block() {
    std::thread::sleep(Duration::from_secs(5));
}

/// A client of a server API that does not run.
struct UnreachableApi(Client);

#[centrifugo::state]
fn unreachable_api() -> Result<UnreachableApi, centrifugo::api::Error> {
    // Nobody listens on port 1.
    let client = Client::grpc("grpc://127.0.0.1:1").timeout(Duration::from_millis(200));
    Ok(UnreachableApi(client.build()?))
}

#[centrifugo::rpc("faults/unreachable")]
async fn unreachable(api: State<UnreachableApi>) -> Result<(), Error> {
    api.0.0.publish("chat:lobby", &"lost").await?;
    Ok(())
}

/// Logs more than the queue of the log holds.
#[centrifugo::rpc("faults/log")]
fn log() {
    let text = "x".repeat(1000);
    for number in 0..1500 {
        tracing::warn!(number, text, "a line of the log");
    }
}
