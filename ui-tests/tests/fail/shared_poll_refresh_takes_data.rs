use centrifugo::{Data, reply};

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler(_taken: Data) -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
