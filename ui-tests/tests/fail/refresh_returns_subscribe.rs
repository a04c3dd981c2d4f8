use centrifugo::reply;

#[centrifugo::refresh]
fn handler() -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
