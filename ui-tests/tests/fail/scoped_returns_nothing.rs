#[centrifugo::scoped]
fn nothing() {}

fn main() {}
