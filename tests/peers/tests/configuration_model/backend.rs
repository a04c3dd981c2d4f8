//! A backend that allows everything and records which events arrive, for each node of Centrifugo.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard};
use std::time::Duration;

use centrifugo::event::Metadata;
use centrifugo::{Json, Server, reply};
use peers::free_port;

/// The key of the static metadata that says which node and which proxy sends an event.
pub const PROXY_KEY: &str = "x-proxy";

/// An event: its name, and the path of the proxy that sent it.
pub type Arrival = (&'static str, String);

static ARRIVALS: LazyLock<Mutex<HashMap<String, Vec<Arrival>>>> = LazyLock::new(Mutex::default);

fn arrivals() -> MutexGuard<'static, HashMap<String, Vec<Arrival>>> {
    ARRIVALS.lock().expect("no handler panics here")
}

/// Takes the events that a node has sent since the last call.
pub fn take(node: &str) -> Vec<Arrival> {
    arrivals().remove(node).unwrap_or_default()
}

fn record(event: &'static str, metadata: &Metadata) {
    let sender = metadata.one(PROXY_KEY).ok().flatten().unwrap_or("unknown proxy");
    let (node, path) = sender.split_once(' ').unwrap_or((sender, ""));
    arrivals()
        .entry(node.to_owned())
        .or_default()
        .push((event, path.to_owned()));
}

#[derive(serde::Deserialize)]
struct Login {
    user: String,
}

#[centrifugo::connect]
fn connect(Json(login): Json<Login>, metadata: Metadata) -> reply::Connect {
    record("connect", &metadata);
    match login.user.as_str() {
        "" => reply::Connect::anonymous(),
        user => reply::Connect::user(user),
    }
}

#[centrifugo::subscribe(channel = "*")]
fn subscribe(metadata: Metadata) -> reply::Subscribe {
    record("subscribe", &metadata);
    reply::Subscribe::allow()
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
