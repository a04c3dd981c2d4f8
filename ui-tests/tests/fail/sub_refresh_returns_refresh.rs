use centrifugo::reply;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler() -> reply::Refresh {
    reply::Refresh::expired()
}

fn main() {}
