use centrifugo::extract::Labels;
use centrifugo::reply;

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler(_taken: Labels) -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
