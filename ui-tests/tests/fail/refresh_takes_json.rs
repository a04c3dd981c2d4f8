use centrifugo::{Json, reply};

#[centrifugo::refresh]
fn handler(_taken: Json<u32>) -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
