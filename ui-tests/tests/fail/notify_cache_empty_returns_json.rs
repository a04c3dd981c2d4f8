use centrifugo::Json;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler() -> Json<u32> {
    Json(1)
}

fn main() {}
