use centrifugo::reply;

#[centrifugo::connect]
fn handler() -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
