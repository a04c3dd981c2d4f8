struct Chat;

#[centrifugo::subscribe(channel = Chat)]
fn join() -> centrifugo::reply::Subscribe {
    centrifugo::reply::Subscribe::allow()
}

fn main() {}
