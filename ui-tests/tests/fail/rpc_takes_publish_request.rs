use centrifugo::proto::proxy::PublishRequest;

#[centrifugo::rpc("a")]
fn handler(_taken: PublishRequest) {}

fn main() {}
