use centrifugo::MapKey;

#[centrifugo::rpc("a")]
fn handler(_taken: MapKey) {}

fn main() {}
