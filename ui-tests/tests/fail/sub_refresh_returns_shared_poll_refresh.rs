use centrifugo::reply;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler() -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
