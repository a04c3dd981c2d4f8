use centrifugo::Json;

#[centrifugo::subscribe_stream(channel = "a:*")]
fn handler() -> Json<u32> {
    Json(1)
}

fn main() {}
