use centrifugo::reply;

#[centrifugo::rpc("a")]
fn handler() -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
