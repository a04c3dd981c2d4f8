use centrifugo::reply;

#[centrifugo::subscribe_stream(channel = "a:*")]
fn handler() -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
