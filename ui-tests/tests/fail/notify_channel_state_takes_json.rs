use centrifugo::Json;

#[centrifugo::notify_channel_state]
fn handler(_taken: Json<u32>) {}

fn main() {}
