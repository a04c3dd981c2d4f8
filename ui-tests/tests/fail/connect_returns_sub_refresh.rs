use centrifugo::reply;

#[centrifugo::connect]
fn handler() -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

fn main() {}
