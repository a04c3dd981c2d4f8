use centrifugo::{Incoming, reply};

#[centrifugo::connect]
fn handler(_taken: Incoming) -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
