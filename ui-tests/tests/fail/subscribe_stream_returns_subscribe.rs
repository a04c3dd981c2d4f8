use centrifugo::reply;

#[centrifugo::subscribe_stream(channel = "a:*")]
fn handler() -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
