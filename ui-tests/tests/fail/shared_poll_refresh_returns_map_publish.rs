use centrifugo::reply;

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler() -> reply::MapPublish {
    reply::MapPublish::allow()
}

fn main() {}
