use centrifugo::Method;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler(_taken: Method) {}

fn main() {}
