#[centrifugo::subscribe(channel = "prices:*")]
fn prices(_incoming: centrifugo::Incoming) -> centrifugo::reply::Subscribe {
    centrifugo::reply::Subscribe::allow()
}

fn main() {}
