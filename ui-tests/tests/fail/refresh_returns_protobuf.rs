use centrifugo::Protobuf;

#[centrifugo::refresh]
fn handler() -> Protobuf<()> {
    Protobuf(())
}

fn main() {}
