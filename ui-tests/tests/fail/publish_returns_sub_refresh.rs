use centrifugo::reply;

#[centrifugo::publish(channel = "a:*")]
fn handler() -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
