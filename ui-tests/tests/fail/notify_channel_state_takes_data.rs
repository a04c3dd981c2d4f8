use centrifugo::Data;

#[centrifugo::notify_channel_state]
fn handler(_taken: Data) {}

fn main() {}
