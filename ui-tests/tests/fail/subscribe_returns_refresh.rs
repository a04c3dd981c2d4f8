use centrifugo::reply;

#[centrifugo::subscribe(channel = "a:*")]
fn handler() -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
