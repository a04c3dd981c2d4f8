use centrifugo::Protobuf;

#[centrifugo::map_remove(channel = "a:*")]
fn handler() -> Protobuf<()> {
    Protobuf(())
}

fn main() {}
