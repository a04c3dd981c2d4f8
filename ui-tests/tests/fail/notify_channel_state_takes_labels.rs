use centrifugo::extract::Labels;

#[centrifugo::notify_channel_state]
fn handler(_taken: Labels) {}

fn main() {}
