use centrifugo::reply;

#[centrifugo::rpc("a")]
fn handler() -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
