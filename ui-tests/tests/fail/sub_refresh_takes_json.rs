use centrifugo::{Json, reply};

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler(_taken: Json<u32>) -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
