use centrifugo::reply;

#[centrifugo::publish(channel = "a:*")]
fn handler() -> reply::CacheEmpty {
    reply::CacheEmpty::populated()
}

fn main() {}
