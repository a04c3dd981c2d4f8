//! Map and shared poll events in process, and the warning about them under RoadRunner.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use centrifugo::event::HasKey;
use centrifugo::extract::{Labels, MapKey};
use centrifugo::proto::proxy::{
    MapPublishRequest, MapRemoveRequest, MapRemoveResult, SharedPollRefreshRequest, SharedPollRefreshResult,
    SharedPollRefreshResultItem,
};
use centrifugo::testing::{Host, TestClient};
use centrifugo::{Channel, Connection, Data, Error, FromEvent, Json, Meta, UserId, reply};
use support::{Log, worker};

async fn client() -> TestClient {
    TestClient::builder().build().await.unwrap()
}

#[centrifugo::map_publish(channel = "cursors:{page}")]
#[allow(clippy::too_many_arguments, reason = "takes everything that the event offers")]
fn cursor(
    page: u32,
    user: UserId,
    key: MapKey,
    channel: Channel,
    connection: Connection,
    meta: Option<Meta<String>>,
    labels: Labels,
    Json(at): Json<(i32, i32)>,
) -> Result<reply::MapPublish, Error> {
    if *user != *key {
        return Err(Error::permission_denied());
    }
    let seen = (
        page,
        &*channel,
        connection.protocol,
        meta.map(|Meta(meta)| meta),
        labels.0.len(),
        at,
    );
    Ok(reply::MapPublish::allow().data(&seen))
}

#[centrifugo::map_publish(channel = "all:*")]
fn every_option(request: MapPublishRequest) -> reply::MapPublish {
    reply::MapPublish::allow()
        .key(format!("{}!", request.key))
        .data(&1)
        .tag("a", "b")
        .only_new()
        .idempotency_key("once")
        .delta()
        .version(7)
        .version_epoch("e")
        .score(-3)
        .stream_data(&2)
}

#[centrifugo::map_publish(channel = "same:*")]
fn same(data: Data) -> reply::MapPublish {
    reply::MapPublish::allow().data_of(data).only_existing()
}

#[centrifugo::map_publish(channel = "bytes:*")]
fn bytes() -> reply::MapPublish {
    reply::MapPublish::allow().stream_data_bytes(&b"\xff"[..])
}

#[centrifugo::map_remove(channel = "cursors:*")]
fn leave(user: Option<UserId>, key: KeyLen) -> Result<reply::MapRemove, Error> {
    match user {
        None => Err(Error::disconnect::<4501>("who are you")),
        Some(_) => Ok(reply::MapRemove::allow()
            .key("x".repeat(key.0))
            .tag("by", "worker")
            .idempotency_key("once")),
    }
}

#[centrifugo::map_remove(channel = "raw:*")]
fn raw(request: MapRemoveRequest) -> MapRemoveResult {
    MapRemoveResult {
        key: request.key,
        ..Default::default()
    }
}

/// A custom extractor for every kind of event that has a key.
struct KeyLen(usize);

impl<K: HasKey> FromEvent<K> for KeyLen {
    fn from_event(event: &centrifugo::extract::TypedEvent<K>) -> centrifugo::extract::Extracted<'_, Self> {
        centrifugo::extract::Extracted::Now(Ok(Self(event.key().len())))
    }
}

#[centrifugo::shared_poll_refresh(channel = "prices:{market}")]
async fn prices(
    market: String,
    request: SharedPollRefreshRequest,
    channel: Channel,
) -> Result<reply::SharedPoll, Error> {
    match market.as_str() {
        "closed" => return Err(Error::internal("the exchange is down")),
        "odd" => return Err(Error::disconnect::<4500>("nobody to close")),
        "broken" => {
            return Ok(reply::SharedPoll::new().item("x", 1, &f64::NAN.to_bits()).item(
                "y",
                1,
                &FailsToSerialize,
            ));
        }
        _ => {}
    }
    assert_eq!(&*channel, format!("prices:{market}"));
    let mut reply = reply::SharedPoll::new().epoch("2026");
    for item in request.items {
        reply = match item.key.as_str() {
            "gold" => reply.item("gold", item.version + 1, &2400),
            "tin" => reply.changed("tin", 4, &9, &8),
            "raw" => reply.item_bytes("raw", 1, &b"\xff"[..]),
            _ => reply.removed(item.key),
        };
    }
    Ok(reply)
}

struct FailsToSerialize;

impl serde::Serialize for FailsToSerialize {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("broken"))
    }
}

#[tokio::test]
async fn extracts_the_key_and_the_data_of_a_map_publish() {
    let t = client().await;
    let answer = t
        .map_publish("cursors:7", "ann")
        .user("ann")
        .json(&(3, 4))
        .meta("m")
        .with(|request| request.labels = [("a".to_owned(), "b".to_owned())].into())
        .await;
    assert_eq!(
        &answer.result().unwrap().data[..],
        br#"[7,"cursors:7","json","m",1,[3,4]]"#
    );
    let other = t.map_publish("cursors:7", "bob").user("ann").json(&(3, 4)).await;
    assert_eq!(other.client_sees(), "error 103: permission denied");
    let nobody = t.map_publish("cursors:7", "ann").json(&(3, 4)).await;
    assert_eq!(nobody.client_sees(), "error 101: unauthorized");
    let shape = t.map_publish("cursors:7", "ann").user("ann").json("left").await;
    assert_eq!(shape.client_sees(), "error 107: bad request");
    let page = t.map_publish("cursors:x", "ann").user("ann").json(&(3, 4)).await;
    assert_eq!(page.client_sees(), "error 102: unknown channel");
}

#[tokio::test]
async fn encodes_every_field_of_a_map_publish_result() {
    let answer = client().await.map_publish("all:1", "k").await;
    let result = answer.result().unwrap();
    assert_eq!((result.key.as_str(), &result.data[..]), ("k!", &b"1"[..]));
    assert_eq!(result.tags["a"], "b");
    assert_eq!((result.score, result.key_mode.as_str()), (-3, "if_new"));
    assert_eq!(&result.stream_data[..], b"2");
    assert_eq!(result.idempotency_key, "once");
    assert_eq!(
        (result.delta, result.version, result.version_epoch.as_str()),
        (true, 7, "e")
    );
}

#[tokio::test]
async fn passes_data_unchanged_and_checks_other_bytes() {
    let t = client().await;
    let answer = t.map_publish("same:1", "k").data(r#"{ "a":1.0}"#).await;
    let result = answer.result().unwrap();
    assert_eq!(
        (&result.data[..], result.key_mode.as_str()),
        (&br#"{ "a":1.0}"#[..], "if_exists")
    );
    let answer = t
        .map_publish("same:1", "k")
        .with(|request| {
            request.encoding = "binary".into();
            request.b64data = "/w==".into();
        })
        .await;
    assert_eq!(&answer.result().unwrap().data[..], b"\xff");
    let answer = t.map_publish("bytes:1", "k").await;
    assert_eq!(
        answer.client_sees(),
        "error 100: internal server error (temporary)"
    );
    let binary = t
        .map_publish("bytes:1", "k")
        .with(|request| request.protocol = "protobuf".into())
        .await;
    assert_eq!(&binary.result().unwrap().stream_data[..], b"\xff");
}

#[tokio::test]
async fn extracts_the_key_of_a_map_remove() {
    let t = client().await;
    let answer = t.map_remove("cursors:7", "ann").user("ann").await;
    let result = answer.result().unwrap();
    assert_eq!(
        (result.key.as_str(), result.idempotency_key.as_str()),
        ("xxx", "once")
    );
    assert_eq!(result.tags["by"], "worker");
    let answer = t.map_remove("cursors:7", "ann").await;
    assert_eq!(answer.client_sees(), "disconnect 4501: who are you");
    assert_eq!(t.map_remove("raw:1", "k").await.result().unwrap().key, "k");
}

#[tokio::test]
async fn refuses_map_changes_without_a_handler() {
    let t = client().await;
    let publish = t.map_publish("nothing", "k").await;
    assert_eq!(publish.client_sees(), "error 103: permission denied");
    let remove = t.map_remove("nothing", "k").await;
    assert_eq!(remove.client_sees(), "error 103: permission denied");
    let poll = t.shared_poll_refresh("nothing", [("a", 1)]).await;
    let error = poll.error().unwrap();
    assert_eq!((error.code, error.temporary), (100, true));
}

#[tokio::test]
async fn answers_a_shared_poll_by_key() {
    let t = client().await;
    let answer = t
        .shared_poll_refresh("prices:metal", [("gold", 6), ("tin", 3), ("raw", 0), ("lead", 1)])
        .await;
    let item = |key: &str, version, data: &'static [u8]| SharedPollRefreshResultItem {
        key: key.into(),
        data: data.into(),
        version,
        ..Default::default()
    };
    assert_eq!(
        answer.result(),
        Some(&SharedPollRefreshResult {
            items: vec![
                item("gold", 7, b"2400"),
                SharedPollRefreshResultItem {
                    prev_data: (&b"8"[..]).into(),
                    ..item("tin", 4, b"9")
                },
                item("raw", 1, b"\xff"),
                SharedPollRefreshResultItem {
                    removed: true,
                    ..item("lead", 0, b"")
                },
            ],
            epoch: "2026".into(),
        })
    );
}

#[tokio::test]
async fn answers_a_failed_shared_poll_without_the_error_text() {
    let t = client().await;
    // The response of a shared poll has no field for a disconnect.
    for channel in ["prices:closed", "prices:odd", "prices:broken"] {
        let answer = t.shared_poll_refresh(channel, [("a", 1)]).await;
        let error = answer.error().unwrap();
        assert_eq!(
            (error.code, error.message.as_str()),
            (100, "internal server error"),
            "{channel}"
        );
    }
}

#[test]
fn warns_that_roadrunner_does_not_deliver_map_events() {
    let log = Log::new("stderr");
    let mut command = worker("all_events");
    command.stderr(log.create());
    let mut host = Host::spawn(command).unwrap();
    let text = log.wait_for("map_publish");
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.contains("handler is never called"))
        .collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(
        text.contains("all_events.rs:") && text.contains("RoadRunner 3"),
        "{text}"
    );
    // The worker also refuses the event type in a frame.
    let failure = host.map_publish("cursors:1", "k").send().unwrap();
    assert!(
        failure.failure().unwrap().contains("`map_publish` is unknown"),
        "{failure}"
    );
    assert!(host.rpc("echo").send().unwrap().result().is_some());
}
