#[centrifugo::channel("chat:{room}")]
struct Tuple(u32);

#[centrifugo::channel("chat:{room}")]
struct Generic<T> {
    room: T,
}

#[centrifugo::channel("chat:{room}")]
enum Chats {}

#[centrifugo::channel("chat:{room}")]
fn chat() {}

fn main() {}
