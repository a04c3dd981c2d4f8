use centrifugo::reply::{self, Untyped};

#[derive(serde::Serialize)]
struct Card {
    name: String,
}

#[centrifugo::connect]
fn connect() -> reply::Connect<Untyped, Card> {
    reply::Connect::user("42").typed_info(&"Ann".to_owned())
}

fn main() {}
