use centrifugo::reply;

#[centrifugo::notify_channel_state]
fn handler() -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
