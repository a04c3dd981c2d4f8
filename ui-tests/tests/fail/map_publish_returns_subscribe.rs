use centrifugo::reply;

#[centrifugo::map_publish(channel = "a:*")]
fn handler() -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
