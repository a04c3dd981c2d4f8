use centrifugo::Protobuf;

#[centrifugo::connect]
fn handler() -> Protobuf<()> {
    Protobuf(())
}

fn main() {}
