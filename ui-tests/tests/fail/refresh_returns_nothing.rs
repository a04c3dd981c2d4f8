#[centrifugo::refresh]
fn handler() {}

fn main() {}
