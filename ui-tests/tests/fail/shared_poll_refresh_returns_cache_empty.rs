use centrifugo::reply;

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler() -> reply::CacheEmpty {
    reply::CacheEmpty::populated()
}

fn main() {}
