use centrifugo::{Channel, reply};

#[centrifugo::connect]
fn handler(_taken: Channel) -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
