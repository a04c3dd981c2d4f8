use centrifugo::{Method, reply};

#[centrifugo::connect]
fn handler(_taken: Method) -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
