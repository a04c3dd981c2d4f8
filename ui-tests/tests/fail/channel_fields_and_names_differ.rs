#[centrifugo::channel("chat:{room}/{thread}")]
struct Chat {
    room: u32,
    topic: String,
}

fn main() {}
