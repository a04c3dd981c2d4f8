use centrifugo::reply;

#[centrifugo::channel("board:{team}", item = u32)]
struct Board {
    team: u32,
}

#[centrifugo::map_publish(channel = Board)]
fn put() -> reply::MapPublish<String> {
    reply::MapPublish::typed(&String::new())
}

fn main() {}
