#[centrifugo::channel("chat:{room}")]
struct Chat {
    room: u32,
}

#[centrifugo::rpc("join")]
fn join(_chat: Chat) {}

fn main() {}
