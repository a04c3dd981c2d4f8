use centrifugo::reply;

#[centrifugo::subscribe(channel = "a:*")]
fn handler() -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
