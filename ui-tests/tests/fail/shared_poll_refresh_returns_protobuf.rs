use centrifugo::Protobuf;

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler() -> Protobuf<()> {
    Protobuf(())
}

fn main() {}
