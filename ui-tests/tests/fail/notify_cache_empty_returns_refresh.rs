use centrifugo::reply;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler() -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
