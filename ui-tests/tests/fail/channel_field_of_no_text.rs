struct RoomId(u32);

#[centrifugo::channel("chat:{room}")]
struct Chat {
    room: RoomId,
}

fn main() {}
