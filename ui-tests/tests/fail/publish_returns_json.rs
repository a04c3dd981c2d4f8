use centrifugo::Json;

#[centrifugo::publish(channel = "a:*")]
fn handler() -> Json<u32> {
    Json(1)
}

fn main() {}
