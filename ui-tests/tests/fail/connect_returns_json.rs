use centrifugo::Json;

#[centrifugo::connect]
fn handler() -> Json<u32> {
    Json(1)
}

fn main() {}
