use centrifugo::{Method, reply};

#[centrifugo::subscribe_stream(channel = "a:*")]
fn handler(_taken: Method) -> reply::Stream {
    unimplemented!()
}

fn main() {}
