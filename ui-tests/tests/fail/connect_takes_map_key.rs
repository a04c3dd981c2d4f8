use centrifugo::extract::MapKey;
use centrifugo::reply;

#[centrifugo::connect]
fn handler(_taken: MapKey) -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
