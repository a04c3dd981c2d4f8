use centrifugo::reply;

#[centrifugo::notify_channel_state]
fn handler() -> reply::MapPublish {
    reply::MapPublish::allow()
}

fn main() {}
