use centrifugo::extract::Incoming;

#[centrifugo::notify_channel_state]
fn handler(_taken: Incoming) {}

fn main() {}
