use centrifugo::reply;

#[centrifugo::connect]
fn handler() -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
