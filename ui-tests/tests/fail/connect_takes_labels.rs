use centrifugo::{Labels, reply};

#[centrifugo::connect]
fn handler(_taken: Labels) -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
