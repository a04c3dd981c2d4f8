//! A backend that allows everything and records which events arrive, for each node of Centrifugo.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard};
use std::time::Duration;

use centrifugo::event::Metadata;
use centrifugo::{Channel, Json, Server, UserId, reply};
use peers::free_port;

/// The key of the static metadata that says which node and which proxy sends an event.
pub const PROXY_KEY: &str = "x-proxy";

/// An event: its name, and the path of the proxy that sent it.
pub type Arrival = (&'static str, String);

static ARRIVALS: LazyLock<Mutex<HashMap<String, Vec<Arrival>>>> = LazyLock::new(Mutex::default);

fn arrivals() -> MutexGuard<'static, HashMap<String, Vec<Arrival>>> {
    ARRIVALS.lock().expect("no handler panics here")
}

/// Takes the events that a node has sent since the last call, but for those that Centrifugo sends by itself.
pub fn take(node: &str) -> Vec<Arrival> {
    arrivals().remove(node).unwrap_or_default()
}

/// Takes the events about a user or a channel that a node has sent by itself since the last call.
pub fn take_about(node: &str, subject: &str) -> Vec<Arrival> {
    arrivals().remove(&about(node, subject)).unwrap_or_default()
}

/// Returns whether a node has sent an event about a user or a channel by itself since the last call of [`take_about`].
pub fn has_arrived(node: &str, subject: &str) -> bool {
    arrivals().contains_key(&about(node, subject))
}

fn about(node: &str, subject: &str) -> String {
    format!("{node} {subject}")
}

fn record(event: &'static str, metadata: &Metadata) {
    add(event, metadata, str::to_owned);
}

fn record_about(event: &'static str, metadata: &Metadata, subject: &str) {
    add(event, metadata, |node| about(node, subject));
}

fn add(event: &'static str, metadata: &Metadata, key: impl FnOnce(&str) -> String) {
    let sender = metadata.one(PROXY_KEY).ok().flatten().unwrap_or("unknown proxy");
    let (node, path) = sender.split_once(' ').unwrap_or((sender, ""));
    arrivals()
        .entry(key(node))
        .or_default()
        .push((event, path.to_owned()));
}

#[derive(serde::Deserialize)]
struct Login {
    user: String,
    expires_in: Option<u64>,
}

#[derive(serde::Deserialize)]
struct Expiry {
    expires_in: u64,
}

#[centrifugo::connect]
fn connect(Json(login): Json<Login>, metadata: Metadata) -> reply::Connect {
    record("connect", &metadata);
    let reply = match login.user.as_str() {
        "" => reply::Connect::anonymous(),
        user => reply::Connect::user(user),
    };
    match login.expires_in {
        Some(seconds) => reply.expires_in(Duration::from_secs(seconds)),
        None => reply,
    }
}

#[centrifugo::refresh]
fn refresh(UserId(user): UserId, metadata: Metadata) -> reply::Refresh {
    record_about("refresh", &metadata, &user);
    reply::Refresh::extend_by(Duration::from_secs(3600))
}

#[centrifugo::subscribe(channel = "*")]
fn subscribe(expiry: Option<Json<Expiry>>, metadata: Metadata) -> reply::Subscribe {
    record("subscribe", &metadata);
    match expiry {
        Some(Json(expiry)) => reply::Subscribe::allow().expires_in(Duration::from_secs(expiry.expires_in)),
        None => reply::Subscribe::allow(),
    }
}

#[centrifugo::sub_refresh(channel = "*")]
fn sub_refresh(Channel(channel): Channel, metadata: Metadata) -> reply::SubRefresh {
    record_about("sub_refresh", &metadata, &channel);
    reply::SubRefresh::extend_by(Duration::from_secs(3600))
}

#[centrifugo::shared_poll_refresh(channel = "*")]
fn shared_poll(Channel(channel): Channel, metadata: Metadata) -> reply::SharedPoll {
    record_about("shared_poll_refresh", &metadata, &channel);
    reply::SharedPoll::new()
}

#[centrifugo::publish(channel = "*")]
fn publish(metadata: Metadata) -> reply::Publish {
    record("publish", &metadata);
    reply::Publish::allow()
}

#[centrifugo::subscribe_stream(channel = "*")]
fn stream(metadata: Metadata) -> reply::Stream {
    record("subscribe_stream", &metadata);
    reply::Stream::new(reply::Subscribe::allow(), tokio_stream::pending::<Json<u32>>())
}

#[centrifugo::map_publish(channel = "*")]
fn map_publish(metadata: Metadata) -> reply::MapPublish {
    record("map_publish", &metadata);
    reply::MapPublish::allow()
}

#[centrifugo::map_remove(channel = "*")]
fn map_remove(metadata: Metadata) -> reply::MapRemove {
    record("map_remove", &metadata);
    reply::MapRemove::allow()
}

#[centrifugo::rpc("*")]
fn rpc(metadata: Metadata) -> Json<u32> {
    record("rpc", &metadata);
    Json(1)
}

/// The ports of the backend.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    pub grpc: u16,
    pub http: u16,
    /// A port on which nobody listens.
    pub nobody: u16,
}

/// Starts the backend on the runtime of the test.
pub async fn start() -> Ports {
    let [grpc, http, nobody] = [(); 3].map(|()| free_port());
    let server = Server::from_env()
        .expect("settings")
        .listen(format!("127.0.0.1:{grpc}"))
        .listen_http(format!("127.0.0.1:{http}"))
        .shutdown(std::future::pending());
    tokio::spawn(async move { server.serve().await.expect("a backend") });
    for port in [grpc, http] {
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    Ports { grpc, http, nobody }
}
