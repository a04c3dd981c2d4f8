use centrifugo::extract::Incoming;
use centrifugo::reply;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler(_taken: Incoming) -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
