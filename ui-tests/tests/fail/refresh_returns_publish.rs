use centrifugo::reply;

#[centrifugo::refresh]
fn handler() -> reply::Publish {
    reply::Publish::allow()
}

fn main() {}
