use centrifugo::{UserId, reply};

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler(_taken: UserId) -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
