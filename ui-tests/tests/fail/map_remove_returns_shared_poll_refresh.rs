use centrifugo::reply;

#[centrifugo::map_remove(channel = "a:*")]
fn handler() -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
