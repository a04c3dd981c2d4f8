use centrifugo::Protobuf;

#[centrifugo::notify_channel_state]
fn handler(_taken: Protobuf<()>) {}

fn main() {}
