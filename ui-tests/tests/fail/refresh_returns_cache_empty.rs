use centrifugo::reply;

#[centrifugo::refresh]
fn handler() -> reply::CacheEmpty {
    reply::CacheEmpty::populated()
}

fn main() {}
