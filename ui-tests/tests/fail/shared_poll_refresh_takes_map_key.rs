use centrifugo::extract::MapKey;
use centrifugo::reply;

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler(_taken: MapKey) -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
