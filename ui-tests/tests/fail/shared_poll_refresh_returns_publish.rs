use centrifugo::reply;

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler() -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
