use centrifugo::Json;

#[centrifugo::refresh]
fn handler() -> Json<u32> {
    Json(1)
}

fn main() {}
