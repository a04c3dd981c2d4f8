use centrifugo::reply;

#[centrifugo::notify_channel_state]
fn handler() -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
