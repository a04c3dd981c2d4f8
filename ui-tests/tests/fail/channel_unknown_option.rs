#[centrifugo::channel("chat:{room}", histroy_size = 100, publicaton = String, map.keyttl = "1h", colour = 1)]
struct Chat {
    room: u32,
}

fn main() {}
