use centrifugo::{Incoming, reply};

#[centrifugo::refresh]
fn handler(_taken: Incoming) -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
