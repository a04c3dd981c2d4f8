#[centrifugo::subscribe_stream(channel = "prices:*")]
fn prices() -> centrifugo::reply::Subscribe {
    centrifugo::reply::Subscribe::allow()
}

fn main() {}
