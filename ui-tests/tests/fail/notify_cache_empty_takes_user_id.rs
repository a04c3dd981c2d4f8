use centrifugo::UserId;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler(_taken: UserId) {}

fn main() {}
