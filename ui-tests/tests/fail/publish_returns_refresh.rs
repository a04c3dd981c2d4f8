use centrifugo::reply;

#[centrifugo::publish(channel = "a:*")]
fn handler() -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
