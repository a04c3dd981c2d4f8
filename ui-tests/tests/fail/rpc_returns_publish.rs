use centrifugo::reply;

#[centrifugo::rpc("a")]
fn handler() -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
