use centrifugo::reply;

#[centrifugo::subscribe(channel = "a:*")]
fn handler() -> reply::Stream {
    unimplemented!()
}

fn main() {}
