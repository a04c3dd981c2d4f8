use centrifugo::Json;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler() -> Json<u32> {
    Json(1)
}

fn main() {}
