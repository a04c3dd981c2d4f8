use centrifugo::reply;

#[centrifugo::subscribe_stream(channel = "a:*")]
fn handler() -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
