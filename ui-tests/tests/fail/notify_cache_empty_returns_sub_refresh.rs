use centrifugo::reply;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler() -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
