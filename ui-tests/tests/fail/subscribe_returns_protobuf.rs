use centrifugo::Protobuf;

#[centrifugo::subscribe(channel = "a:*")]
fn handler() -> Protobuf<()> {
    Protobuf(())
}

fn main() {}
