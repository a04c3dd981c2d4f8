use centrifugo::{Method, reply};

#[centrifugo::refresh]
fn handler(_taken: Method) -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
