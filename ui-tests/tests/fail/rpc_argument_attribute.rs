#[centrifugo::rpc("a")]
fn handler(#[cfg(unix)] _data: centrifugo::Data) {}

fn main() {}
