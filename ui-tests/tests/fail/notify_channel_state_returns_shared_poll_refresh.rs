use centrifugo::reply;

#[centrifugo::notify_channel_state]
fn handler() -> reply::SharedPoll {
    reply::SharedPoll::new()
}

fn main() {}
