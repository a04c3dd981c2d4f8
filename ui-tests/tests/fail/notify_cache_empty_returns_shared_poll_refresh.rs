use centrifugo::reply;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler() -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
