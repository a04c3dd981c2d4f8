use centrifugo::reply;

#[centrifugo::refresh]
fn handler() -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
