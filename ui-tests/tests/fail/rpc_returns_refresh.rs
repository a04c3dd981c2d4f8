use centrifugo::reply;

#[centrifugo::rpc("a")]
fn handler() -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
