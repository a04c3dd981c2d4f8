#[centrifugo::channel("chat:*")]
struct Chat;

#[centrifugo::channel("chat:{room")]
struct Room {
    room: u32,
}

#[centrifugo::channel(7)]
struct Number;

fn main() {}
