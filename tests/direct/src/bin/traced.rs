//! A program that sends traces to a collector.

use std::future::poll_fn;
use std::sync::Mutex;
use std::task::{Poll, Waker};
use std::time::Duration;

use centrifugo::{Api, Error, Json, ResultExt as _, reply};

#[centrifugo::rpc("ok/{n}")]
async fn ok(n: u64) -> Json<u64> {
    let span = tracing::info_span!("own");
    let _own = span.enter();
    tracing::info!(n, "inside");
    Json(n)
}

#[centrifugo::rpc("publish/{channel}")]
async fn publish(channel: String, api: Api) -> Result<(), Error> {
    tokio::task::yield_now().await;
    api.publish(channel, &"hello").await.internal()?;
    Ok(())
}

#[centrifugo::rpc("banned")]
fn banned() -> Result<(), Error> {
    Err(Error::disconnect::<4501>("banned"))
}

#[centrifugo::rpc("fails")]
fn fails() -> Result<(), Error> {
    Err(Error::internal("the database"))
}

#[centrifugo::rpc("panics")]
fn panics() {
    panic!("expected");
}

#[centrifugo::rpc("hangs", timeout = "20ms")]
async fn hangs() {
    tokio::time::sleep(Duration::from_secs(60)).await;
}

/// Answers, although something keeps the waker of its task.
#[centrifugo::rpc("keeps-waker")]
async fn keeps_waker() {
    static KEPT: Mutex<Vec<Waker>> = Mutex::new(Vec::new());
    tokio::time::sleep(Duration::from_millis(10)).await;
    poll_fn(|cx| {
        KEPT.lock().expect("no panic").push(cx.waker().clone());
        Poll::Ready(())
    })
    .await;
}

#[centrifugo::subscribe(channel = "chat:*")]
fn join() -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::otel::init()?;
    centrifugo::serve()
}
