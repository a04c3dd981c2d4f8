//! A crate with strict lints.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::all)]

use centrifugo::{Error, Json, UserId, reply};

/// A client connects.
#[centrifugo::connect]
pub async fn connect() -> Result<reply::Connect, Error> {
    Ok(reply::Connect::anonymous())
}

/// Two attributes, and still callable.
#[centrifugo::rpc("a")]
#[centrifugo::rpc("b")]
pub fn both(user: Option<UserId>) -> Json<bool> {
    Json(user.is_some())
}

/// A raw identifier.
#[centrifugo::rpc("type")]
pub fn r#type() {}

macro_rules! handlers {
    ($($name:ident $method:literal)*) => {$(
        #[centrifugo::rpc($method)]
        fn $name() {}
    )*};
}
handlers! { first "first" second "second" }

fn main() {
    assert!(!both(None).0);
}
