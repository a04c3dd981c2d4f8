use centrifugo::{Meta, reply};

#[centrifugo::connect]
fn handler(_taken: Meta<u32>) -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
