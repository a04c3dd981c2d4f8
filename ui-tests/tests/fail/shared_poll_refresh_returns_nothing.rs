#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler() {}

fn main() {}
