#[centrifugo::state]
fn nothing() {}

fn main() {}
