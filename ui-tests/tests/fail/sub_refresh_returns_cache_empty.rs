use centrifugo::reply;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler() -> reply::CacheEmpty {
    reply::CacheEmpty::populated()
}

fn main() {}
