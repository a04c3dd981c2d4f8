use centrifugo::Protobuf;

#[centrifugo::notify_channel_state]
fn handler() -> Protobuf<()> {
    Protobuf(())
}

fn main() {}
