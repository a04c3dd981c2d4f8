use centrifugo::reply;

#[centrifugo::notify_channel_state]
fn handler() -> reply::Stream {
    unimplemented!()
}

fn main() {}
