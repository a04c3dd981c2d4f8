use centrifugo::reply;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler() -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
