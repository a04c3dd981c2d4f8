use centrifugo::reply;

#[centrifugo::refresh]
fn handler() -> reply::MapPublish {
    reply::MapPublish::allow()
}

fn main() {}
