use centrifugo::reply;

#[centrifugo::refresh]
fn handler() -> reply::Stream {
    unimplemented!()
}

fn main() {}
