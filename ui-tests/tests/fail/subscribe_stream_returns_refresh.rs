use centrifugo::reply;

#[centrifugo::subscribe_stream(channel = "a:*")]
fn handler() -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
