use centrifugo::extract::MapKey;

#[centrifugo::notify_channel_state]
fn handler(_taken: MapKey) {}

fn main() {}
