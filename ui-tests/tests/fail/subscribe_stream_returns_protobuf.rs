use centrifugo::Protobuf;

#[centrifugo::subscribe_stream(channel = "a:*")]
fn handler() -> Protobuf<()> {
    Protobuf(())
}

fn main() {}
