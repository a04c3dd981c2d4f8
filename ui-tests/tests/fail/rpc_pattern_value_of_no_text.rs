struct Room;

#[centrifugo::rpc("room/{room}")]
fn handler(room: Room) {
    let _ = room;
}

fn main() {}
