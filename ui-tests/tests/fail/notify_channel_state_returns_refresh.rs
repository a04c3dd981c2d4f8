use centrifugo::reply;

#[centrifugo::notify_channel_state]
fn handler() -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
