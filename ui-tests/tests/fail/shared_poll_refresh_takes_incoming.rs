use centrifugo::extract::Incoming;
use centrifugo::reply;

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler(_taken: Incoming) -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
