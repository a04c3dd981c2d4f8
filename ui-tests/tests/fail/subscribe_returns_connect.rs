use centrifugo::reply;

#[centrifugo::subscribe(channel = "a:*")]
fn handler() -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
