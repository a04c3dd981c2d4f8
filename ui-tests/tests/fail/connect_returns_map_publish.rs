use centrifugo::reply;

#[centrifugo::connect]
fn handler() -> reply::MapPublish {
    reply::MapPublish::allow()
}

fn main() {}
