#[centrifugo::channel(publication = String)]
struct Chat {
    room: u32,
}

#[centrifugo::channel(pattern = "chat:{room}")]
struct Room {
    room: u32,
}

fn main() {}
