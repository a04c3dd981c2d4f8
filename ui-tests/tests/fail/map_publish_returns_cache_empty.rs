use centrifugo::reply;

#[centrifugo::map_publish(channel = "a:*")]
fn handler() -> reply::CacheEmpty {
    reply::CacheEmpty::populated()
}

fn main() {}
