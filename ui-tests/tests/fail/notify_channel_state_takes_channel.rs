use centrifugo::Channel;

#[centrifugo::notify_channel_state]
fn handler(_taken: Channel) {}

fn main() {}
