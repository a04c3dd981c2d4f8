use centrifugo::reply;

#[centrifugo::subscribe(channel = "a:*")]
fn handler() -> reply::CacheEmpty {
    reply::CacheEmpty::populated()
}

fn main() {}
