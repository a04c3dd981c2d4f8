#[centrifugo::sub_refresh(channel = "a:*")]
fn handler() {}

fn main() {}
