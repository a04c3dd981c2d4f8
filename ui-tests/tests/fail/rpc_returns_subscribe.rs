use centrifugo::reply;

#[centrifugo::rpc("a")]
fn handler() -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
