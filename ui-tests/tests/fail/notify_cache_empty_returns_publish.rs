use centrifugo::reply;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler() -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
