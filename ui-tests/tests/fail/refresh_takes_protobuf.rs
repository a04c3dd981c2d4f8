use centrifugo::{Protobuf, reply};

#[centrifugo::refresh]
fn handler(_taken: Protobuf<()>) -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
