use centrifugo::reply;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler() -> reply::Stream {
    unimplemented!()
}

fn main() {}
