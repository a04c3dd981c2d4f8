use centrifugo::Protobuf;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler(_taken: Protobuf<()>) {}

fn main() {}
