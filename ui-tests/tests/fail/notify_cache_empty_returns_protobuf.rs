use centrifugo::Protobuf;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler() -> Protobuf<()> {
    Protobuf(())
}

fn main() {}
