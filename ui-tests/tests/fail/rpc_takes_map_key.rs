use centrifugo::extract::MapKey;

#[centrifugo::rpc("a")]
fn handler(_taken: MapKey) {}

fn main() {}
