//! The worker of most tests.

#![allow(clippy::print_stdout, reason = "tests that output goes to standard error")]

use std::process::Command;
use std::time::Duration;

use centrifugo::proto::proxy::NotifyChannelStateRequest;
use centrifugo::{BoxError, Channel, Data, Error, Json, Meta, Metadata, UserId, reply};
use serde_json::{Value, json};
use test_support::note;

#[derive(serde::Deserialize)]
struct Login {
    user: String,
    /// In seconds.
    expires_in: Option<u64>,
}

struct Database;

/// Fails at start if `FAIL_STATE` is set.
#[centrifugo::state]
fn database() -> Result<Database, BoxError> {
    match std::env::var("FAIL_STATE") {
        Ok(reason) => Err(reason.into()),
        Err(_) => Ok(Database),
    }
}

#[centrifugo::connect]
fn connect(Json(login): Json<Login>, metadata: Metadata) -> Result<reply::Connect, Error> {
    let reply = match login.user.as_str() {
        "unknown" => return Err(Error::custom::<404>("no such user")),
        "busy" => return Err(Error::custom::<1000>("busy").temporary()),
        "banned" => return Err(Error::disconnect::<4501>("banned")),
        "panic" => panic!("a secret of the code"),
        "" => reply::Connect::anonymous(),
        user => reply::Connect::user(user),
    };
    let tenant: Vec<_> = metadata.all("x-tenant").collect();
    let reply = reply
        .info(&json!({ "name": login.user }))
        .data(&json!({ "tenant": tenant, "type": metadata.all("type").count() }))
        .meta(&json!({ "since": login.user }));
    Ok(match login.expires_in {
        Some(seconds) => reply.expires_in(Duration::from_secs(seconds)),
        None => reply,
    })
}

#[centrifugo::refresh]
fn refresh(user: UserId) -> Result<reply::Refresh, Error> {
    note(&format!("refresh {}", &*user));
    match &*user {
        "gone" => Ok(reply::Refresh::expired()),
        "down" => Err(Error::internal("the database is down")),
        "later" => Err(Error::custom::<1000>("busy").temporary()),
        "refused" => Err(Error::permission_denied()),
        "kicked" => Err(Error::disconnect::<4501>("kicked")),
        "crash" => panic!("at the refresh"),
        _ => Ok(reply::Refresh::extend_by(Duration::from_secs(2))),
    }
}

#[centrifugo::subscribe(channel = "news:{topic}")]
async fn subscribe(topic: String, channel: Channel, user: UserId) -> Result<reply::Subscribe, Error> {
    let reply = reply::Subscribe::allow().data(&format!("{} for {}", &*channel, &*user));
    match topic.as_str() {
        "secret" => Err(Error::permission_denied()),
        "banned" => Err(Error::disconnect::<4502>("not for you")),
        "panic" => panic!("a secret of the code"),
        topic if topic.starts_with("short") => Ok(reply.expires_in(Duration::from_secs(1))),
        _ => Ok(reply),
    }
}

#[centrifugo::subscribe(channel = "chat:*")]
fn join() -> reply::Subscribe {
    reply::Subscribe::allow()
}

#[centrifugo::sub_refresh(channel = "news:short-{what}")]
fn sub_refresh(what: String) -> Result<reply::SubRefresh, Error> {
    note(&format!("sub_refresh {what}"));
    match what.as_str() {
        "gone" => Ok(reply::SubRefresh::expired()),
        "down" => Err(Error::internal("the database is down")),
        "refused" => Err(Error::permission_denied()),
        _ => Ok(reply::SubRefresh::extend_by(Duration::from_secs(1))),
    }
}

#[centrifugo::publish(channel = "chat:{room}")]
fn publish(room: String, Json(mut line): Json<Value>, user: UserId) -> Result<reply::Publish, Error> {
    match room.as_str() {
        "closed" => Err(Error::permission_denied()),
        "banned" => Err(Error::disconnect::<4503>("no shouting")),
        "panic" => panic!("a secret of the code"),
        "as-it-is" => Ok(reply::Publish::allow()),
        _ => {
            line["by"] = json!(&*user);
            Ok(reply::Publish::allow().data(&line).tag("room", room))
        }
    }
}

#[centrifugo::notify_channel_state]
fn channel_state(request: NotifyChannelStateRequest) {
    note(&format!("{} channels", request.events.len()));
}

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

#[centrifugo::rpc("value")]
fn value(Json(value): Json<Value>) -> Json<Value> {
    Json(value)
}

#[centrifugo::rpc("len")]
fn len(Json(text): Json<String>) -> Json<usize> {
    Json(text.len())
}

#[centrifugo::rpc("big/{bytes}")]
fn big(bytes: usize) -> Json<String> {
    Json("x".repeat(bytes))
}

#[centrifugo::rpc("meta")]
fn meta(Meta(meta): Meta<Value>) -> Json<Value> {
    Json(meta)
}

#[centrifugo::rpc("own-metrics")]
fn own_metrics() {
    metrics::counter!("shop.orders", "name" => "a\"b\\c\nd{} ü").increment(2);
    metrics::gauge!("shop_stock").set(7.5);
    metrics::histogram!("shop_payment_seconds").record(0.3);
    metrics::histogram!("shop_items").record(3.0);
}

#[centrifugo::rpc("pid")]
fn pid() -> Json<u32> {
    Json(std::process::id())
}

#[centrifugo::rpc("refused")]
fn refused() -> Result<(), Error> {
    Err(Error::custom::<1234>("refused"))
}

#[centrifugo::rpc("kicked")]
fn kicked() -> Result<(), Error> {
    Err(Error::disconnect::<4504>("kicked"))
}

#[centrifugo::rpc("internal")]
fn internal() -> Result<(), Error> {
    Err(Error::internal("a secret of the database"))
}

/// Logs two lines, one of them long.
#[centrifugo::rpc("internal/{number}")]
fn long_internal(number: u32) -> Result<(), Error> {
    tracing::info!(number, "long");
    Err(Error::internal("x".repeat(10_000)))
}

/// Logs lines with a text of this length, one each 10 ms, after the answer.
#[centrifugo::rpc("log-lines/{len}")]
fn log_lines(len: usize) {
    std::thread::spawn(move || {
        let text = "x".repeat(len);
        for number in 0..12 {
            std::thread::sleep(Duration::from_millis(10));
            tracing::info!(number, text, "line");
        }
    });
}

#[centrifugo::rpc("panic")]
fn panic() {
    panic!("a secret of the code");
}

#[centrifugo::rpc("hang", timeout = "200ms")]
async fn hang() {
    std::future::pending::<()>().await;
}

#[centrifugo::rpc("block", timeout = "200ms", blocking)]
fn block() {
    std::thread::sleep(Duration::from_secs(3));
}

#[centrifugo::rpc("never-yields", timeout = "200ms")]
fn never_yields() {
    std::thread::sleep(Duration::from_secs(60));
}

#[centrifugo::rpc("print")]
fn print() {
    println!("a line on standard output");
}

#[centrifugo::rpc("child")]
fn child() -> Result<Json<usize>, Error> {
    let output = Command::new("cat").output().map_err(Error::internal)?;
    Ok(Json(output.stdout.len()))
}

#[centrifugo::rpc("exit")]
fn exit() {
    std::process::exit(3);
}

/// Notes its start and its end.
#[centrifugo::rpc("work")]
async fn work(Json(number): Json<u64>) -> Json<u64> {
    note(&format!("begin {number}"));
    tokio::time::sleep(Duration::from_millis(5)).await;
    note(&format!("end {number}"));
    Json(number)
}

#[centrifugo::shutdown]
fn shutdown() {
    note("shutdown");
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
