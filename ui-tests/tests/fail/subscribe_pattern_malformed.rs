#[centrifugo::subscribe(channel = "news:{topic")]
fn handler() -> centrifugo::reply::Subscribe {
    centrifugo::reply::Subscribe::allow()
}

fn main() {}
