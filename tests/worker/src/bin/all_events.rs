//! Handlers for every kind of event that RoadRunner delivers, with every kind of outcome.

#![allow(clippy::print_stdout, reason = "tests that output goes to standard error")]

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use centrifugo::extract::Invalid;
use centrifugo::proto::proxy::NotifyChannelStateRequest;
use centrifugo::{Channel, Data, Error, Json, Metadata, Method, State, UserId, reply};
use test_support::{PanicOnDrop, note};

/// Returns whether the test asks for this failure during shutdown.
fn shutdown_fault(what: &str) -> bool {
    std::env::var_os("SHUTDOWN_FAULT").is_some_and(|wanted| wanted == what)
}

const LONG: Duration = Duration::from_secs(60);

struct First;
struct Second;

impl Drop for First {
    fn drop(&mut self) {
        note("drop first");
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        note("drop second");
        if shutdown_fault("a drop panics") {
            panic!("at the drop");
        } else if shutdown_fault("a drop blocks") {
            std::thread::sleep(LONG);
        }
    }
}

#[centrifugo::state]
async fn first() -> First {
    note("first");
    First
}

#[centrifugo::state]
fn second(_first: State<First>) -> Result<Second, Error> {
    note("second");
    Ok(Second)
}

#[centrifugo::shutdown]
fn before() {
    if shutdown_fault("panics") {
        panic!("at the end");
    }
}

#[centrifugo::shutdown]
async fn shutdown(_second: State<Second>) {
    note("shutdown started");
    if shutdown_fault("takes a second") {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    note("shutdown");
    if shutdown_fault("hangs") {
        std::future::pending::<()>().await;
    } else if shutdown_fault("blocks") {
        std::thread::sleep(LONG);
    }
}

#[centrifugo::invalid]
async fn invalid(invalid: Invalid) {
    note(&format!("invalid {:?}: {}", invalid.kind, invalid.reason));
    match std::env::var("INVALID").as_deref() {
        Ok("panics") => panic!("at the invalid"),
        Ok("hangs") => std::future::pending().await,
        Ok("blocks") => std::thread::sleep(LONG),
        _ => {}
    }
}

#[centrifugo::connect]
fn connect() -> reply::Connect {
    reply::Connect::user("42").info(&"card")
}

/// Returns the outcome that `how` names.
async fn outcome(how: &str) -> Result<(), Error> {
    match how {
        "busy" => Err(Error::custom::<1000>("busy").temporary()),
        "banned" => Err(Error::disconnect::<4500>("banned")),
        "refused" => Err(Error::permission_denied()),
        "internal" => Err(Error::internal("the database")),
        "panic" => panic!("at the handler"),
        "hang" => std::future::pending().await,
        _ => Ok(()),
    }
}

#[centrifugo::refresh(timeout = "100ms")]
async fn refresh(user: UserId) -> Result<reply::Refresh, Error> {
    outcome(&user).await?;
    Ok(match &*user {
        "gone" => reply::Refresh::expired(),
        _ => reply::Refresh::extend_to(reply::Time::from_unix_seconds(2_000_000_000)),
    })
}

#[centrifugo::subscribe(channel = "news:{topic}")]
async fn subscribe(topic: String, channel: Channel) -> Result<reply::Subscribe, Error> {
    match topic.as_str() {
        "secret" => Err(Error::permission_denied()),
        "banned" => Err(Error::disconnect::<4501>("banned")),
        _ => Ok(reply::Subscribe::allow().data(&*channel)),
    }
}

#[centrifugo::publish(channel = "chat:{room}")]
fn publish(room: u32, data: Data) -> reply::Publish {
    let _ = room;
    reply::Publish::allow().data_of(data).tag("by", "worker")
}

#[centrifugo::sub_refresh(channel = "news:*", timeout = "100ms")]
async fn sub_refresh(user: UserId) -> Result<reply::SubRefresh, Error> {
    outcome(&user).await?;
    Ok(match &*user {
        "gone" => reply::SubRefresh::expired(),
        _ => reply::SubRefresh::extend_to(reply::Time::from_unix_seconds(2_000_000_000)),
    })
}

#[centrifugo::notify_channel_state(timeout = "100ms")]
async fn channel_state(request: NotifyChannelStateRequest) -> Result<(), Error> {
    note(&format!("{} events", request.events.len()));
    for event in &request.events {
        outcome(&event.channel).await?;
    }
    Ok(())
}

#[centrifugo::notify_cache_empty(channel = "cache:{name}", timeout = "100ms")]
async fn cache_empty(name: String) -> Result<reply::CacheEmpty, Error> {
    outcome(&name).await?;
    Ok(reply::CacheEmpty::populated())
}

// RoadRunner does not deliver map events; the worker warns of this handler at start.
#[centrifugo::map_publish(channel = "cursors:*")]
fn map_publish() -> reply::MapPublish {
    reply::MapPublish::allow()
}

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

mod own_layer {
    use centrifugo::layer::{Event, Next, Outcome};

    pub(crate) async fn passes_on(event: Event, next: Next) -> Outcome {
        next.run(event).await
    }
}

#[centrifugo::rpc("layered", layer = own_layer::passes_on)]
fn layered() -> Json<u8> {
    Json(1)
}

#[centrifugo::rpc("sum")]
fn sum(Json(numbers): Json<Vec<i64>>) -> Json<i64> {
    Json(numbers.iter().sum())
}

#[centrifugo::rpc("pair/{a}/{b*}")]
fn pair(b: String, a: u8, method: Method) -> Json<(u8, String, String)> {
    Json((a, b, method.0))
}

#[centrifugo::rpc("headers")]
fn headers(metadata: Metadata) -> Json<Vec<String>> {
    Json(metadata.keys().map(str::to_owned).collect())
}

#[centrifugo::rpc("not-json")]
fn not_json() -> Data {
    Data::new("{oops")
}

#[centrifugo::rpc("internal")]
fn internal() -> Result<(), Error> {
    Err(Error::internal("a secret of the database"))
}

/// An error whose `Display` implementation panics.
#[derive(Debug)]
struct PanickingDisplay;

impl std::fmt::Display for PanickingDisplay {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("at the text");
    }
}

impl std::error::Error for PanickingDisplay {}

#[centrifugo::rpc("mute")]
fn mute() -> Result<(), Error> {
    Err(Error::permission_denied().with_source(PanickingDisplay))
}

#[centrifugo::rpc("panic")]
async fn panic() {
    panic!("a secret of the code");
}

#[centrifugo::rpc("panic-later")]
async fn panic_later() {
    tokio::time::sleep(Duration::from_millis(5)).await;
    panic!("a secret of the code");
}

#[centrifugo::rpc("panic-blocking", blocking)]
fn panic_blocking() {
    panic!("a secret of the code");
}

#[centrifugo::rpc("hang", timeout = "100ms")]
async fn hang() {
    note("hang started");
    std::future::pending::<()>().await;
}

#[centrifugo::rpc("drop-panics", timeout = "100ms")]
async fn drop_panics() {
    let _guard = PanicOnDrop("a secret of the drop");
    std::future::pending::<()>().await;
}

#[centrifugo::rpc("block", timeout = "100ms", blocking)]
fn block() {
    std::thread::sleep(Duration::from_secs(5));
}

#[centrifugo::rpc("never-yields", timeout = "100ms")]
fn never_yields() {
    std::thread::sleep(Duration::from_secs(30));
}

#[centrifugo::rpc("sleep")]
async fn sleep(Json(milliseconds): Json<u64>) -> Json<u64> {
    note("sleep started");
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    Json(milliseconds)
}

#[centrifugo::rpc("print")]
fn print() {
    println!("a line on standard output");
}

#[centrifugo::rpc("child")]
fn child() -> Result<Json<String>, Error> {
    let output = Command::new("cat").output().map_err(Error::internal)?;
    let status = Command::new("echo")
        .arg("from the child")
        .status()
        .map_err(Error::internal)?;
    Ok(Json(format!("{} {}", output.stdout.len(), status.success())))
}

#[centrifugo::rpc("exit")]
fn exit() {
    std::process::exit(3);
}

static TICKS: AtomicU64 = AtomicU64::new(0);

#[centrifugo::rpc("spawn")]
async fn spawn() {
    tokio::spawn(async {
        loop {
            tokio::time::sleep(Duration::from_millis(5)).await;
            TICKS.fetch_add(1, Ordering::Relaxed);
        }
    });
}

#[centrifugo::rpc("ticks")]
fn ticks() -> Json<u64> {
    Json(TICKS.load(Ordering::Relaxed))
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
