use centrifugo::reply;

#[centrifugo::refresh]
fn handler() -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
