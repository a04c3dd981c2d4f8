use centrifugo::{Data, reply};

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler(_taken: Data) -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
