use centrifugo::reply;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler() -> reply::Stream {
    unimplemented!()
}

fn main() {}
