use centrifugo::reply;

#[centrifugo::map_remove(channel = "a:*")]
fn handler() -> reply::Stream {
    unimplemented!()
}

fn main() {}
