use centrifugo::reply;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler() -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
