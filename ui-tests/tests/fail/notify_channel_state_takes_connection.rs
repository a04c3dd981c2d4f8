use centrifugo::Connection;

#[centrifugo::notify_channel_state]
fn handler(_taken: Connection) {}

fn main() {}
