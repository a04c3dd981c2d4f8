#[centrifugo::subscribe(chanel = "news:*")]
fn handler() -> centrifugo::reply::Subscribe {
    centrifugo::reply::Subscribe::allow()
}

fn main() {}
