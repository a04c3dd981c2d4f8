use centrifugo::extract::Incoming;
use centrifugo::reply;

#[centrifugo::refresh]
fn handler(_taken: Incoming) -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
