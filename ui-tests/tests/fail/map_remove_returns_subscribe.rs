use centrifugo::reply;

#[centrifugo::map_remove(channel = "a:*")]
fn handler() -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
