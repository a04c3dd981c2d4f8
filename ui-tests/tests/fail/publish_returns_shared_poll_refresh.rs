use centrifugo::reply;

#[centrifugo::publish(channel = "a:*")]
fn handler() -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
