use centrifugo::{Channel, reply};

#[centrifugo::refresh]
fn handler(_taken: Channel) -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
