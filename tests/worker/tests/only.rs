//! A test of one module of a program.

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
async fn what_stands_elsewhere_is_left_out() {
    let builder = TestClient::builder().only(HERE).state(elsewhere::Db);
    let t = builder.build().await.unwrap();
    assert_eq!(t.rpc("answer").await.json::<u8>().unwrap(), 42);
}

#[tokio::test]
async fn a_module_without_handlers_is_named() {
    let error = TestClient::builder().only("nowhere").build().await.err().unwrap();
    let text = error.to_string();
    assert!(
        text.contains("the module `nowhere` has no handler") && !text.contains("my_handlers"),
        "{text}"
    );
}

#[test]
fn a_handler_can_be_called_as_it_is() {
    fn handler(db: State<Vec<u8>>, name: Scoped<String>, region: Extension<String>) -> Json<String> {
        Json(format!("{} {} {}", db.len(), *name, *region))
    }
    let said = handler(vec![1].into(), "Ann".to_owned().into(), "eu".to_owned().into());
    assert_eq!(*said, "1 Ann eu");
}

#[test]
fn texts_are_shown_compared_and_serialized_as_texts() {
    let (user, channel, method) = (UserId("ann".into()), Channel("a:1".into()), Method("m".into()));
    assert_eq!(format!("{user} {channel} {method}"), "ann a:1 m");
    assert!(user == "ann" && channel == "a:1" && method == *"m" && user != "bob");
    assert_eq!(serde_json::to_string(&user).unwrap(), r#""ann""#);
}
