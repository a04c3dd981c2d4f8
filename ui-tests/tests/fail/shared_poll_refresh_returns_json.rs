use centrifugo::Json;

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler() -> Json<u32> {
    Json(1)
}

fn main() {}
