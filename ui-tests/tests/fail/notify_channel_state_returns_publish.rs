use centrifugo::reply;

#[centrifugo::notify_channel_state]
fn handler() -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
