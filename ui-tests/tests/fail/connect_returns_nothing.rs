#[centrifugo::connect]
fn handler() {}

fn main() {}
