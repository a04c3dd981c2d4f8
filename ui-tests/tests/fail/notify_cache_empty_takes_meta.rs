use centrifugo::Meta;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler(_taken: Meta<u32>) {}

fn main() {}
