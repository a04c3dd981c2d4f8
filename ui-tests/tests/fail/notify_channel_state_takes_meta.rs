use centrifugo::Meta;

#[centrifugo::notify_channel_state]
fn handler(_taken: Meta<u32>) {}

fn main() {}
