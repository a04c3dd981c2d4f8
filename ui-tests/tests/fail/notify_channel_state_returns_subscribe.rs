use centrifugo::reply;

#[centrifugo::notify_channel_state]
fn handler() -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
