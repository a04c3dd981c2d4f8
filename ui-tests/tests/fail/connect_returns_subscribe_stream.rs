use centrifugo::reply;

#[centrifugo::connect]
fn handler() -> reply::Stream {
    unimplemented!()
}

fn main() {}
