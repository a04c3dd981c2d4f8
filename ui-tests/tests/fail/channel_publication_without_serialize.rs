struct Line;

#[centrifugo::channel("chat:{room}", publication = Line)]
struct Chat {
    room: u32,
}

fn main() {}
