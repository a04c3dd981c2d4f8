use centrifugo::{Channel, Scoped};

struct Room;

#[centrifugo::scoped]
fn room(_channel: Channel) -> Room {
    Room
}

#[centrifugo::rpc("a")]
fn handler(_room: Scoped<Room>) {}

fn main() {}
