use centrifugo::reply;

#[centrifugo::connect]
fn handler() -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
