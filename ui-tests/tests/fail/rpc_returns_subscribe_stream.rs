use centrifugo::reply;

#[centrifugo::rpc("a")]
fn handler() -> reply::Stream {
    unimplemented!()
}

fn main() {}
