use centrifugo::Json;

#[centrifugo::subscribe(channel = "a:*")]
fn handler() -> Json<u32> {
    Json(1)
}

fn main() {}
