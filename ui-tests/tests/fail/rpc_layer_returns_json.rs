use centrifugo::Json;
use centrifugo::layer::{Event, Next};

async fn layer(_: Event, _: Next) -> Json<u8> {
    Json(1)
}

#[centrifugo::rpc("ping", layer = layer)]
fn ping() {}

fn main() {}
