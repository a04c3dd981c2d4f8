use centrifugo::Json;

struct Query;

#[centrifugo::rpc("a")]
fn handler(_query: Json<Query>) {}

fn main() {}
