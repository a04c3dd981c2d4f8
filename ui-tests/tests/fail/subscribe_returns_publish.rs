use centrifugo::reply;

#[centrifugo::subscribe(channel = "a:*")]
fn handler() -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
