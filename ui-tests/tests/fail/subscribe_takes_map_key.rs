use centrifugo::extract::MapKey;
use centrifugo::reply;

#[centrifugo::subscribe(channel = "a:*")]
fn handler(_taken: MapKey) -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
