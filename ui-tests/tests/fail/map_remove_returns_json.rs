use centrifugo::Json;

#[centrifugo::map_remove(channel = "a:*")]
fn handler() -> Json<u32> {
    Json(1)
}

fn main() {}
