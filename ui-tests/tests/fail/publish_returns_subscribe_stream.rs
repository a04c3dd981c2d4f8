use centrifugo::reply;

#[centrifugo::publish(channel = "a:*")]
fn handler() -> reply::Stream {
    unimplemented!()
}

fn main() {}
