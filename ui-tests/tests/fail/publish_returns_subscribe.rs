#[centrifugo::publish(channel = "chat:*")]
fn handler() -> centrifugo::reply::Subscribe {
    centrifugo::reply::Subscribe::allow()
}

fn main() {}
