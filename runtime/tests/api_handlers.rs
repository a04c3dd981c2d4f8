//! `Api` in handlers, states and the end, with the fake in Centrifugo's place; pages and batches.
#![cfg(all(feature = "api", feature = "testing"))]
#![allow(clippy::unwrap_used, reason = "helpers of tests, too")]

use centrifugo::api::{Client, Delivery, ErrorKind, method};
use centrifugo::proto::api::{HistoryResult, Publication};
use centrifugo::testing::{Api as Fake, TestClient};
use centrifugo::{Api, Channel, Error, Json, State, UserId, reply};

/// What the state saw when it was made.
struct Nodes(usize);

#[centrifugo::state]
async fn nodes(api: Api) -> Result<Nodes, centrifugo::api::Error> {
    Ok(Nodes(api.info().await?.nodes.len()))
}

#[centrifugo::publish(channel = "chat:{room}")]
async fn say(
    room: String,
    user: UserId,
    channel: Channel,
    api: Api,
    State(nodes): State<Nodes>,
) -> Result<reply::Publish, Error> {
    api.broadcast(
        [format!("log:{room}"), "log:all".into()],
        &format!("{} in {}", &*user, &*channel),
    )
    .await?;
    assert_eq!(nodes.0, 0);
    Ok(reply::Publish::allow())
}

#[centrifugo::connect]
async fn connect(api: Api) -> Result<reply::Connect, Error> {
    let client: Client = api.into();
    let stats = client.presence_stats("lobby").await?;
    Ok(reply::Connect::user(stats.num_users.to_string()))
}

#[centrifugo::rpc("kick")]
async fn kick(user: UserId, api: Api) -> Result<Json<&'static str>, centrifugo::api::Error> {
    api.disconnect(&*user).reason::<4501>("kicked").await?;
    Ok(Json("done"))
}

async fn test_client(fake: &Fake) -> TestClient {
    TestClient::builder().api(fake.client()).build().await.unwrap()
}

#[tokio::test]
async fn handlers_and_states_call_the_fake() {
    let fake = Fake::new();
    let t = test_client(&fake).await;
    assert_eq!(fake.called(), ["Info"]);
    let answer = t.publish("chat:7").user("42").json(&"hello").await;
    assert!(answer.result().is_some(), "{answer}");
    assert_eq!(fake.published_json::<String>("log:7").unwrap(), ["42 in chat:7"]);
    assert_eq!(fake.published("log:all").len(), 1);
    assert_eq!(
        fake.calls::<method::Broadcast>()[0].channels,
        ["log:7", "log:all"]
    );
    fake.clear();
    assert_eq!(t.connect().await.result().unwrap().user, "0");
    assert_eq!(fake.called(), ["PresenceStats"]);
}

#[tokio::test]
async fn an_error_of_the_api_is_an_internal_one() {
    let fake = Fake::new();
    let t = test_client(&fake).await;
    fake.refuse::<method::Disconnect>(107, "bad request");
    let answer = t.rpc("kick").user("42").await;
    assert_eq!(answer.error().unwrap().code, 100);
    assert!(!answer.error().unwrap().message.contains("bad request"));
    let sent = &fake.calls::<method::Disconnect>()[0];
    assert_eq!(sent.disconnect.as_ref().unwrap().code, 4501);
}

/// The environment of this test process has no way to Centrifugo.
#[tokio::test]
async fn without_a_client_the_program_does_not_start() {
    if std::env::var_os("WORKER_API").is_some() || std::env::var_os("RR_RPC").is_some() {
        return;
    }
    let error = TestClient::builder().build().await.err().unwrap().to_string();
    for part in [
        "takes `Api`",
        "WORKER_API",
        "RR_RPC",
        "Server::api",
        "api_handlers.rs:",
    ] {
        assert!(error.contains(part), "{error}");
    }
    assert_eq!(error.matches("takes `").count(), 1, "{error}");
}

#[tokio::test]
async fn a_batch_gives_typed_results() {
    let fake = Fake::new();
    let api = fake.client();
    fake.refuse::<method::History>(108, "not available");
    fake.answer::<method::PresenceStats>(centrifugo::proto::api::PresenceStatsResult {
        num_clients: 3,
        num_users: 2,
    });
    let mut batch = api.batch();
    let stats = batch.add(api.presence_stats("c"));
    let broken = batch.add(
        api.disconnect("42")
            .reason::<4501>("a reason of more than 32 bytes of ASCII"),
    );
    let history = batch.add(api.history("c"));
    let gone = batch.add(api.unsubscribe("42", "c"));
    let mut replies = batch.await.unwrap();
    replies.take(gone).unwrap();
    assert_eq!(replies.take(stats).unwrap().num_users, 2);
    assert_eq!(replies.take(history).unwrap_err().code(), Some(108));
    let error = replies.take(broken).unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Invalid, Delivery::NotSent)
    );
    assert_eq!(fake.called(), ["PresenceStats", "History", "Unsubscribe"]);

    // Centrifugo would answer this with success.
    let error = api.unsubscribe("42", "").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Invalid, Delivery::NotSent)
    );

    let mut other = api.batch();
    let ticket = other.add(api.info());
    assert_eq!(replies.take(ticket).unwrap_err().kind(), ErrorKind::Invalid);
    assert!(api.batch().await.is_ok(), "an empty batch is not sent");
    assert_eq!(fake.called().len(), 3);
}

/// A history of `len` publications, as Centrifugo gives it.
fn history(fake: &Fake, len: u64) {
    fake.on::<method::History>(move |request| {
        let limit = request.limit as usize;
        let all: Vec<u64> = match (request.reverse, request.since.map(|since| since.offset)) {
            (false, since) => (since.unwrap_or(0) + 1..=len).collect(),
            (true, since) => (1..since.unwrap_or(len + 1)).rev().collect(),
        };
        Ok(HistoryResult {
            publications: all
                .into_iter()
                .take(limit)
                .map(|offset| Publication {
                    offset,
                    ..Default::default()
                })
                .collect(),
            epoch: "e".into(),
            offset: len,
        })
    });
}

#[tokio::test]
async fn pages_give_each_publication_once() {
    for (len, page_len, calls) in [(10, 4, 3), (8, 4, 2), (3, 4, 1), (4, 1, 4), (0, 5, 1)] {
        for reverse in [false, true] {
            let fake = Fake::new();
            history(&fake, len);
            let mut call = fake.client().history("c");
            if reverse {
                call = call.reverse();
            }
            let mut pages = call.pages(page_len);
            let mut seen = Vec::new();
            while let Some(page) = pages.next().await {
                let page = page.unwrap();
                assert!(page.publications.len() <= page_len as usize);
                seen.extend(page.publications.iter().map(|publication| publication.offset));
            }
            let mut expected: Vec<u64> = (1..=len).collect();
            if reverse {
                expected.reverse();
            }
            assert_eq!(seen, expected);
            assert_eq!(fake.called().len(), calls, "{len} in pages of {page_len}");
            assert!(pages.next().await.is_none());
        }
    }
}

#[tokio::test]
async fn pages_end_with_an_error() {
    let fake = Fake::new();
    history(&fake, 10);
    let mut pages = fake.client().history("c").pages(4);
    assert!(pages.next().await.unwrap().is_ok());
    fake.refuse::<method::History>(112, "unrecoverable position");
    assert_eq!(pages.next().await.unwrap().unwrap_err().code(), Some(112));
    assert!(pages.next().await.is_none());
}
