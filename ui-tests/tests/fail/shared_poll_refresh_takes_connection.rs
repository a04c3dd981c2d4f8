use centrifugo::{Connection, reply};

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler(_taken: Connection) -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
