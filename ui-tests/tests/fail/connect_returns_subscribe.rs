use centrifugo::reply;

#[centrifugo::connect]
fn handler() -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
