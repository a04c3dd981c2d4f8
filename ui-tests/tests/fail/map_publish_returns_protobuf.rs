use centrifugo::Protobuf;

#[centrifugo::map_publish(channel = "a:*")]
fn handler() -> Protobuf<()> {
    Protobuf(())
}

fn main() {}
