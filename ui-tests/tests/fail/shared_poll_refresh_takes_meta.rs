use centrifugo::{Meta, reply};

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler(_taken: Meta<u32>) -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
