#[centrifugo::shared_poll_refresh(channel = "prices:*")]
fn prices(_user: centrifugo::UserId) -> centrifugo::reply::SharedPoll {
    centrifugo::reply::SharedPoll::new()
}

fn main() {}
