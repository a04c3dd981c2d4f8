use centrifugo::reply;

#[centrifugo::subscribe(channel = "a:*")]
fn handler() -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
