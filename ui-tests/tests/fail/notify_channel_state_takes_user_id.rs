use centrifugo::UserId;

#[centrifugo::notify_channel_state]
fn handler(_taken: UserId) {}

fn main() {}
