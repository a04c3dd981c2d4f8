use centrifugo::Incoming;

#[centrifugo::notify_channel_state]
fn handler(_taken: Incoming) {}

fn main() {}
