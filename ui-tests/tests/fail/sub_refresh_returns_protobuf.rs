use centrifugo::Protobuf;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler() -> Protobuf<()> {
    Protobuf(())
}

fn main() {}
