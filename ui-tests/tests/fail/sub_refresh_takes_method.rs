use centrifugo::{Method, reply};

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler(_taken: Method) -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
