use centrifugo::{Data, reply};

#[centrifugo::refresh]
fn handler(_taken: Data) -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
