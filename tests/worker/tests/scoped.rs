//! Scoped values: created at most once per event, only on demand, and after all other extractors.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::sync::{Arc, Mutex};

use centrifugo::event::EventKind;
use centrifugo::extract::{Extracted, TypedEvent};
use centrifugo::testing::TestClient;
use centrifugo::{Connection, Data, Error, FromEvent, Json, Scoped, State, UserId, reply};

/// Records calls in order.
#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Notes {
    fn add(&self, note: impl Into<String>) {
        self.0.lock().unwrap().push(note.into());
    }
}

struct Member(String);
struct Room(String);
#[derive(Debug)]
struct FailingValue;

#[centrifugo::scoped]
async fn member(user: UserId, notes: State<Notes>) -> Result<Member, Error> {
    notes.add("member");
    tokio::task::yield_now().await;
    match &*user {
        "guest" => Err(Error::custom::<1000>("no member")),
        user => Ok(Member(user.to_owned())),
    }
}

#[centrifugo::scoped]
fn room(Scoped(member): Scoped<Member>, notes: State<Notes>) -> Room {
    notes.add("room");
    Room(format!("room of {}", member.0))
}

#[centrifugo::scoped]
fn broken(notes: State<Notes>) -> Result<FailingValue, Error> {
    notes.add("broken");
    Err(Error::internal("a reason"))
}

/// A custom extractor that records its use.
struct RecordedExtractor;

impl<K: EventKind> FromEvent<K> for RecordedExtractor {
    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        if let Some(notes) = event.state::<Notes>() {
            notes.add("noted");
        }
        Extracted::Now(Ok(Self))
    }
}

#[derive(centrifugo::FromEvent)]
struct Caller {
    user: UserId,
    connection: Connection,
}

#[derive(centrifugo::FromEvent)]
struct Inside<T>(Scoped<Room>, T, RecordedExtractor);

#[centrifugo::rpc("both")]
fn both(
    Scoped(room): Scoped<Room>,
    _noted: RecordedExtractor,
    Scoped(member): Scoped<Member>,
    Scoped(again): Scoped<Room>,
) -> Json<String> {
    assert!(Arc::ptr_eq(&room, &again));
    Json(format!("{}, {}", room.0, member.0))
}

#[centrifugo::rpc("none")]
fn none(_data: Data) {}

#[centrifugo::rpc("memory-first")]
fn memory_first(_member: Scoped<Member>, Json(number): Json<u32>) -> Json<u32> {
    Json(number)
}

#[centrifugo::rpc("shown")]
fn shown(
    first: Result<Scoped<FailingValue>, Error>,
    second: Result<Scoped<FailingValue>, Error>,
) -> Json<(u32, u32)> {
    Json((first.unwrap_err().code(), second.unwrap_err().code()))
}

#[centrifugo::rpc("struct")]
async fn structs(caller: Caller, inside: Inside<Option<UserId>>) -> Json<(String, String, String, bool)> {
    let Inside(Scoped(room), user, _) = inside;
    Json((
        caller.user.0,
        caller.connection.protocol,
        room.0.clone(),
        user.is_some(),
    ))
}

#[centrifugo::publish(channel = "chat:*")]
fn publish(Scoped(member): Scoped<Member>) -> reply::Publish {
    reply::Publish::allow().tag("by", member.0.clone())
}

async fn client() -> TestClient {
    TestClient::builder()
        .state(Notes::default())
        .build()
        .await
        .unwrap()
}

fn notes(t: &TestClient) -> Vec<String> {
    std::mem::take(&mut t.state::<Notes>().unwrap().0.lock().unwrap())
}

#[tokio::test]
async fn creates_a_value_once_for_several_extractors() {
    let t = client().await;
    let answer = t.rpc("both").user("ann").await;
    assert_eq!(answer.json::<String>().unwrap(), "room of ann, ann");
    assert_eq!(notes(&t), ["noted", "member", "room"]);
    // The next event creates its own values.
    t.rpc("both").user("bob").await;
    assert_eq!(notes(&t), ["noted", "member", "room"]);
}

#[tokio::test]
async fn creates_a_value_only_on_demand() {
    let t = client().await;
    assert!(t.rpc("none").user("ann").await.result().is_some());
    assert!(notes(&t).is_empty());
}

#[tokio::test]
async fn runs_other_extractors_before_scoped_functions() {
    let t = client().await;
    let answer = t.rpc("memory-first").user("ann").data("not a number").await;
    assert_eq!(answer.error().unwrap().code, 107);
    assert!(
        notes(&t).is_empty(),
        "the member was created although the event is refused"
    );
}

#[tokio::test]
async fn answers_with_the_error_of_a_scoped_function() {
    let t = client().await;
    assert_eq!(
        t.rpc("both").user("guest").await.client_sees(),
        "error 1000: no member"
    );
    assert_eq!(t.rpc("both").await.client_sees(), "error 101: unauthorized");
    assert_eq!(
        t.publish("chat:1").user("guest").await.client_sees(),
        "error 1000: no member"
    );
    assert_eq!(
        t.publish("chat:1").user("ann").await.result().unwrap().tags["by"],
        "ann"
    );
}

#[tokio::test]
async fn does_not_retry_a_failed_scoped_function() {
    let t = client().await;
    let answer = t.rpc("shown").await;
    assert_eq!(answer.json::<(u32, u32)>().unwrap(), (100, 100));
    assert_eq!(notes(&t), ["broken"]);
}

#[tokio::test]
async fn extracts_scoped_values_in_derived_structs() {
    let t = client().await;
    let answer = t.rpc("struct").user("ann").await;
    assert_eq!(
        answer.json::<(String, String, String, bool)>().unwrap(),
        ("ann".into(), "json".into(), "room of ann".into(), true)
    );
    assert_eq!(notes(&t), ["noted", "member", "room"]);
    assert_eq!(t.rpc("struct").await.error().unwrap().code, 101);
}

#[tokio::test]
async fn replaces_a_scoped_value_in_a_test() {
    let t = TestClient::builder()
        .state(Notes::default())
        .scoped(Member("given".into()))
        .build()
        .await
        .unwrap();
    let answer = t.rpc("both").await;
    assert_eq!(answer.json::<String>().unwrap(), "room of given, given");
    assert_eq!(notes(&t), ["noted", "room"]);
}

#[tokio::test]
async fn refuses_to_start_without_the_state_of_a_scoped_function() {
    let error = TestClient::builder().build().await.unwrap_err().to_string();
    assert!(
        error.contains("Notes") && error.contains("nothing provides it"),
        "{error}"
    );
}
