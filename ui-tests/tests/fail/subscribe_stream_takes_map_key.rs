use centrifugo::extract::MapKey;
use centrifugo::reply;

#[centrifugo::subscribe_stream(channel = "a:*")]
fn handler(_taken: MapKey) -> reply::Stream {
    unimplemented!()
}

fn main() {}
