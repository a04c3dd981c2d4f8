use centrifugo::{Json, reply};

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler(_taken: Json<u32>) -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
