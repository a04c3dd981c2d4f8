#[centrifugo::subscribe(channel = 7)]
fn join() -> centrifugo::reply::Subscribe {
    centrifugo::reply::Subscribe::allow()
}

fn main() {}
