//! `TestClient` with the handlers of one module, and handlers called as functions.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use centrifugo::testing::TestClient;
use centrifugo::{Channel, Extension, Json, Method, Scoped, State, UserId};

mod elsewhere {
    pub struct Db;

    #[centrifugo::state]
    fn db() -> Db {
        panic!("there is no database in a test")
    }

    #[centrifugo::shutdown]
    fn close(_db: centrifugo::State<Db>) {}
}

mod here {
    use super::elsewhere::Db;

    #[centrifugo::rpc("answer")]
    pub fn answer(_db: centrifugo::State<Db>) -> centrifugo::Json<u8> {
        centrifugo::Json(42)
    }
}

const HERE: &str = concat!(module_path!(), "::here");

#[tokio::test]
async fn leaves_other_modules_out() {
    let builder = TestClient::builder().only(HERE).state(elsewhere::Db);
    let t = builder.build().await.unwrap();
    assert_eq!(t.rpc("answer").await.json::<u8>().unwrap(), 42);
}

#[tokio::test]
async fn names_a_module_without_handlers() {
    let error = TestClient::builder().only("nowhere").build().await.err().unwrap();
    let text = error.to_string();
    assert!(
        text.contains("the module `nowhere` has no handler") && !text.contains("my_handlers"),
        "{text}"
    );
}

#[test]
fn calls_a_handler_as_a_function() {
    fn handler(
        State(db): State<Vec<u8>>,
        Scoped(name): Scoped<String>,
        Extension(region): Extension<String>,
        UserId(user): UserId<i64>,
    ) -> Json<String> {
        Json(format!("{} {name} {region} {user}", db.len()))
    }
    let mut answer = handler(
        vec![1].into(),
        "Ann".to_owned().into(),
        "eu".to_owned().into(),
        42.into(),
    );
    assert_eq!(*answer, "1 Ann eu 42");
    answer.push('!');
    assert_eq!(answer, "1 Ann eu 42!".to_owned().into());
}

#[test]
fn compares_formats_and_serializes_string_extractors_as_strings() {
    let (user, channel, method) = (UserId::from("ann"), Channel::from("a:1"), Method("m".into()));
    assert_eq!(format!("{user} {channel:>5} {method}"), "ann   a:1 m");
    assert!(user == "ann" && channel == "a:1" && method == *"m" && user != "bob");
    assert_eq!(serde_json::to_string(&user).unwrap(), r#""ann""#);
    assert_eq!((user.as_ref(), channel.as_ref()), ("ann", "a:1"));
    assert_eq!(String::from(user) + &String::from(channel), "anna:1");
    assert!(UserId(1) < UserId(2));
}
