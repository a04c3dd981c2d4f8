use centrifugo::reply;

#[centrifugo::rpc("a")]
fn handler() -> reply::CacheEmpty {
    reply::CacheEmpty::populated()
}

fn main() {}
