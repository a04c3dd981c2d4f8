use centrifugo::reply;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler() -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
