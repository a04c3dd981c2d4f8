use centrifugo::Json;

#[centrifugo::map_publish(channel = "a:*")]
fn handler() -> Json<u32> {
    Json(1)
}

fn main() {}
