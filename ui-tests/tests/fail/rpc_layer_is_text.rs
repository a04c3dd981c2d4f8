#[centrifugo::rpc("ping", layer = "only_staff")]
fn ping() {}

fn main() {}
