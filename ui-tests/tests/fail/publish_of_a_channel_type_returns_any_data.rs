use centrifugo::reply;

#[derive(serde::Serialize, serde::Deserialize)]
struct Line {
    text: String,
}

#[centrifugo::channel("chat:{room}", publication = Line)]
struct Chat {
    room: u32,
}

#[centrifugo::publish(channel = Chat)]
fn say() -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
