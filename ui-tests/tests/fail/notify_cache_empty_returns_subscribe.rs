use centrifugo::reply;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler() -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
