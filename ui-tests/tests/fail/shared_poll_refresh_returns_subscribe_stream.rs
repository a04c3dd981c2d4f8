use centrifugo::reply;

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler() -> reply::Stream {
    unimplemented!()
}

fn main() {}
