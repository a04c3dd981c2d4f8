use centrifugo::reply;

#[centrifugo::subscribe_stream(channel = "a:*")]
fn handler() -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
