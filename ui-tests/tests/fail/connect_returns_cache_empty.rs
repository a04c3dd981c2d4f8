use centrifugo::reply;

#[centrifugo::connect]
fn handler() -> reply::CacheEmpty {
    reply::CacheEmpty::populated()
}

fn main() {}
