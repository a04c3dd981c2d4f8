use centrifugo::reply;

#[centrifugo::notify_channel_state]
fn handler() -> reply::CacheEmpty {
    reply::CacheEmpty::populated()
}

fn main() {}
