use centrifugo::reply;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler() -> reply::MapPublish {
    reply::MapPublish::allow()
}

fn main() {}
