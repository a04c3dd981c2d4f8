use centrifugo::{Method, reply};

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler(_taken: Method) -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
