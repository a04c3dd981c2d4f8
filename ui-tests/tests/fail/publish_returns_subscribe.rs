use centrifugo::reply;

#[centrifugo::publish(channel = "a:*")]
fn handler() -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
