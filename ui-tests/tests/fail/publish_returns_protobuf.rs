use centrifugo::Protobuf;

#[centrifugo::publish(channel = "a:*")]
fn handler() -> Protobuf<()> {
    Protobuf(())
}

fn main() {}
