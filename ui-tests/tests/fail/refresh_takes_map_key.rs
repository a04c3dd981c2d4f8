use centrifugo::{MapKey, reply};

#[centrifugo::refresh]
fn handler(_taken: MapKey) -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
