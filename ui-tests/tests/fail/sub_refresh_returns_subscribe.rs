use centrifugo::reply;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler() -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
