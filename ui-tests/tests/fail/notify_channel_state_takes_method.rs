use centrifugo::Method;

#[centrifugo::notify_channel_state]
fn handler(_taken: Method) {}

fn main() {}
