use centrifugo::reply;

#[centrifugo::rpc("a")]
fn handler() -> reply::MapPublish {
    reply::MapPublish::allow()
}

fn main() {}
