//! `cargo centrifugo dev` with the real Centrifugo: edits reach clients that stay connected.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use peers::{Client, ClientUrl as _, DevSession};
use serde_json::json;

const MAIN: &str = r#"
#[centrifugo::connect]
fn connect() -> centrifugo::reply::Connect {
    centrifugo::reply::Connect::user("42")
}

#[centrifugo::rpc("version")]
fn version() -> centrifugo::Json<u32> {
    centrifugo::Json(1)
}

#[centrifugo::subscribe(channel = "chat:{room}")]
fn join(room: String) -> centrifugo::reply::Subscribe {
    centrifugo::reply::Subscribe::allow().data(&room)
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
"#;

const SECOND_CHANNEL: &str = r#"
#[centrifugo::subscribe(channel = "news:{topic}")]
fn follow(topic: String) -> centrifugo::reply::Subscribe {
    centrifugo::reply::Subscribe::allow().data(&topic)
}

fn main"#;

/// Waits until the answer of `version` is this number. Returns how long it took.
async fn wait_for_version(client: &Client, version: u32) -> Duration {
    let started = Instant::now();
    loop {
        // None of the calls may fail while the program is replaced.
        let answer = client.rpc("version", &json!(null)).await.expect("an answer");
        if answer == version {
            return started.elapsed();
        }
        assert!(started.elapsed() < Duration::from_secs(120), "still {answer}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_reach_clients_that_stay_connected() {
    let mut session = DevSession::start("dev-peers-edits", MAIN);
    let mut client = Client::start(&session, &json!({}));
    assert_eq!(client.outcome().await, "connected");
    wait_for_version(&client, 1).await;

    session.edit("Json(1)", "Json(2)");
    let elapsed = wait_for_version(&client, 2).await;
    eprintln!("the edit was live after {elapsed:?}");

    // A namespace with the same proxy needs no new start of Centrifugo.
    session.edit("\nfn main", SECOND_CHANNEL);
    session.wait_for_log("Centrifugo is told to read them");
    let mut news = client.subscribe("news:rust");
    let end = Instant::now() + Duration::from_secs(10);
    // Centrifugo reads its configuration a moment after the signal.
    while news.outcome().await != "subscribed \"rust\"" {
        assert!(Instant::now() < end, "{}", session.process.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
        news.subscribe_again();
    }
    let change = tokio::time::timeout(Duration::from_millis(300), client.next()).await;
    assert!(change.is_err(), "the client has not stayed connected: {change:?}");

    // A new kind of event needs one.
    session.edit(
        "\nfn main",
        "\n#[centrifugo::publish(channel = \"chat:{room}\")]\nfn say(room: String) -> centrifugo::reply::Publish {\n    let _ = room;\n    \
         centrifugo::reply::Publish::allow()\n}\n\nfn main",
    );
    session.wait_for_log("starting it again");
    let end = Instant::now() + Duration::from_secs(60);
    while session.process.log().matches("Centrifugo is ready").count() < 2 {
        assert!(Instant::now() < end, "{}", session.process.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut client = Client::start(&session, &json!({}));
    assert_eq!(client.outcome().await, "connected");
    let mut chat = client.subscribe("chat:1");
    assert_eq!(chat.outcome().await, "subscribed \"1\"");
    client
        .publish("chat:1", &json!("hello"))
        .await
        .expect("a publication");

    // Neither the program nor Centrifugo outlives `dev`, even if it is killed.
    let url = session.url();
    let address = url
        .strip_prefix("ws://")
        .and_then(|url| url.split('/').next())
        .expect("an address")
        .to_owned();
    assert!(TcpStream::connect(&address).is_ok());
    let folder = session.folder().to_owned();
    session.process.kill();
    let end = Instant::now() + Duration::from_secs(3);
    loop {
        let left = processes_in(&folder);
        if left.is_empty() {
            break;
        }
        assert!(Instant::now() < end, "processes are left: {left:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(TcpStream::connect(&address).is_err());
}

/// Returns the ids of the processes whose working folder this is.
fn processes_in(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir("/proc").expect("processes").flatten();
    entries
        .filter(|entry| std::fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd == folder))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}
