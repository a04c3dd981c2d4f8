use centrifugo::extract::MapKey;
use centrifugo::reply;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler(_taken: MapKey) -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
