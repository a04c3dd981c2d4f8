use centrifugo::extract::MapKey;
use centrifugo::reply;

#[centrifugo::refresh]
fn handler(_taken: MapKey) -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
