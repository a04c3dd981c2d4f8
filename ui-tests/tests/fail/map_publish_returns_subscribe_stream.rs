use centrifugo::reply;

#[centrifugo::map_publish(channel = "a:*")]
fn handler() -> reply::Stream {
    unimplemented!()
}

fn main() {}
