use centrifugo::Json;

#[centrifugo::notify_channel_state]
fn handler() -> Json<u32> {
    Json(1)
}

fn main() {}
