//! Handlers for every kind of event, with every kind of outcome.

use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use centrifugo::extract::Invalid;
use centrifugo::proto::proxy::NotifyChannelStateRequest;
use centrifugo::{Connection, Data, Error, Json, Meta, Metadata, Server, State, UserId, reply};
use test_support::{NoteOnDrop, PanicOnDrop, note};

/// A state that notes its own drop.
struct First;

impl Drop for First {
    fn drop(&mut self) {
        note("drop first");
    }
}

#[centrifugo::state]
async fn first() -> First {
    note("first");
    First
}

#[centrifugo::shutdown]
async fn shutdown(_first: State<First>) {
    note("shutdown");
    if std::env::var_os("SHUTDOWN_HANGS").is_some() {
        std::future::pending::<()>().await;
    }
}

#[centrifugo::invalid]
fn invalid(invalid: Invalid) {
    note(&format!("invalid {:?}: {}", invalid.kind, invalid.reason));
}

#[centrifugo::connect]
fn connect(connection: Connection, data: Data) -> Result<reply::Connect, Error> {
    match connection.transport.as_str() {
        "refused" => Err(Error::unauthorized()),
        "banned" => Err(Error::disconnect::<4501>("banned")),
        _ => Ok(reply::Connect::user("42")
            .info(&data.len())
            .data_bytes(r#"{"big":1152921504606846977,"one":1.0}"#)
            .channels(["news"])
            .subscribe("chat:1", reply::SubscribeOptions::new().presence(true))),
    }
}

#[centrifugo::refresh]
fn refresh(user: UserId) -> Result<reply::Refresh, Error> {
    match &*user {
        "internal" => Err(Error::internal("the database")),
        "refused" => Err(Error::permission_denied()),
        _ => Ok(reply::Refresh::extend_to(reply::Time::from_unix_seconds(
            2_000_000_000,
        ))),
    }
}

#[centrifugo::subscribe(channel = "news:{topic}")]
async fn subscribe(topic: String) -> Result<reply::Subscribe, Error> {
    match topic.as_str() {
        "secret" => Err(Error::permission_denied()),
        "banned" => Err(Error::disconnect::<4501>("banned")),
        _ => Ok(reply::Subscribe::allow().data(&topic)),
    }
}

#[centrifugo::publish(channel = "chat:*")]
fn publish(data: Data) -> reply::Publish {
    reply::Publish::allow().data_of(data).tag("by", "us")
}

#[centrifugo::sub_refresh(channel = "news:*")]
fn sub_refresh(user: UserId) -> Result<reply::SubRefresh, Error> {
    match &*user {
        "internal" => Err(Error::internal("the database")),
        _ => Ok(reply::SubRefresh::extend_to(reply::Time::from_unix_seconds(
            2_000_000_000,
        ))),
    }
}

#[centrifugo::notify_channel_state]
fn channel_state(request: NotifyChannelStateRequest) {
    for event in request.events {
        note(&format!("{} {} {}", event.time_ms, event.channel, event.r#type));
    }
}

#[centrifugo::notify_cache_empty(channel = "cache:*")]
fn cache_empty() -> reply::CacheEmpty {
    reply::CacheEmpty::populated()
}

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

#[centrifugo::rpc("bytes")]
fn bytes() -> Data {
    Data::new(vec![0, 1, 2, 0xff])
}

#[centrifugo::rpc("meta")]
fn meta(Meta(meta): Meta<Vec<u64>>) -> Json<u64> {
    Json(meta.iter().sum())
}

#[centrifugo::rpc("headers")]
fn headers(metadata: Metadata) -> Json<Vec<(String, Vec<String>)>> {
    Json(
        metadata
            .keys()
            .map(|key| (key.to_owned(), metadata.all(key).map(str::to_owned).collect()))
            .collect(),
    )
}

/// Returns the value of one header, `absent` or the error, and the raw bytes of all its values.
#[centrifugo::rpc("header")]
fn header(Json(key): Json<String>, metadata: Metadata) -> Json<(String, Vec<Vec<u8>>)> {
    let value = match metadata.one(&key) {
        Ok(value) => value.unwrap_or("absent").to_owned(),
        Err(error) => error.to_string(),
    };
    Json((value, metadata.bytes(&key).map(<[u8]>::to_vec).collect()))
}

#[centrifugo::rpc("internal")]
fn internal() -> Result<(), Error> {
    Err(Error::internal("a secret of the database"))
}

#[centrifugo::rpc("busy")]
fn busy() -> Result<(), Error> {
    Err(Error::custom::<1001>("slow down").temporary())
}

#[centrifugo::rpc("kicked")]
fn kicked() -> Result<(), Error> {
    Err(Error::disconnect::<4000>("come again"))
}

#[centrifugo::rpc("panic")]
async fn panic() {
    tokio::time::sleep(Duration::from_millis(5)).await;
    panic!("a secret of the code");
}

#[centrifugo::rpc("hang", timeout = "100ms")]
async fn hang() {
    std::future::pending::<()>().await;
}

#[centrifugo::rpc("drop-panics", timeout = "100ms")]
async fn drop_panics() {
    let _guard = PanicOnDrop("a secret of the drop");
    std::future::pending::<()>().await;
}

#[centrifugo::rpc("wait")]
async fn wait() {
    note("wait started");
    let _guard = NoteOnDrop::new("wait dropped");
    std::future::pending::<()>().await;
}

#[centrifugo::rpc("never-yields", timeout = "100ms")]
fn never_yields(Json(milliseconds): Json<u64>) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

#[centrifugo::rpc("blocks")]
fn blocks(Json(milliseconds): Json<u64>) {
    note("blocks started");
    std::thread::sleep(Duration::from_millis(milliseconds));
}

#[centrifugo::rpc("sleep")]
async fn sleep(Json(milliseconds): Json<u64>) -> Json<u64> {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    Json(milliseconds)
}

/// Answers, although something keeps the waker of its task.
#[centrifugo::rpc("keep-waker")]
async fn keep_waker() -> Json<u8> {
    static KEPT: Mutex<Vec<Waker>> = Mutex::new(Vec::new());
    tokio::time::sleep(Duration::from_millis(10)).await;
    poll_fn(|cx| {
        KEPT.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(cx.waker().clone());
        Poll::Ready(())
    })
    .await;
    Json(1)
}

#[centrifugo::rpc("take")]
async fn take(Json(number): Json<u32>) -> Json<u32> {
    note(&format!("taken {number}"));
    tokio::time::sleep(Duration::from_millis(20)).await;
    Json(number)
}

/// Logs when it is created, during the handler and when it is dropped.
struct Logs(UserId);

impl Logs {
    fn new(user: UserId) -> Self {
        let logs = Self(user);
        logs.log("started");
        logs
    }

    fn log(&self, message: &str) {
        tracing::info!(by = &*self.0, "{message}");
    }
}

impl Drop for Logs {
    fn drop(&mut self) {
        self.log("dropped");
    }
}

#[centrifugo::rpc("logs")]
async fn logs(user: UserId) {
    let logs = Logs::new(user);
    tokio::time::sleep(Duration::from_millis(20)).await;
    logs.log("ending");
}

#[centrifugo::rpc("logs-block", blocking)]
fn logs_block(user: UserId) {
    let logs = Logs::new(user);
    std::thread::sleep(Duration::from_millis(20));
    logs.log("ending");
}

#[centrifugo::rpc("logs-hang", timeout = "500ms")]
async fn logs_hang(user: UserId) {
    let _logs = Logs::new(user);
    std::future::pending::<()>().await;
}

#[centrifugo::rpc("pid")]
fn pid() -> Json<u32> {
    Json(std::process::id())
}

fn main() -> Result<(), centrifugo::ServeError> {
    let server = Server::from_env()?;
    match std::env::var("SHUTDOWN_AFTER_MS") {
        Err(_) => server.run(),
        Ok(text) => {
            let time = Duration::from_millis(text.parse().unwrap_or_default());
            server
                .shutdown(async move { tokio::time::sleep(time).await })
                .run()
        }
    }
}
