use centrifugo::reply;

#[centrifugo::subscribe("news:*")]
fn handler() -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
