#[centrifugo::rpc("user/{id}")]
fn handler() {}

fn main() {}
