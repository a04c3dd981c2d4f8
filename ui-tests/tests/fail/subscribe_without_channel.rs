use centrifugo::reply;

#[centrifugo::subscribe(timeout = "1s")]
fn handler() -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
