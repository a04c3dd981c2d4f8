use centrifugo::reply;

#[centrifugo::channel("chat:{room}")]
struct Chat {
    room: u32,
}

#[centrifugo::publish(channel = Chat)]
fn say() -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
