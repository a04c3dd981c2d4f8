use centrifugo::reply;

#[centrifugo::publish(channel = "a:*")]
fn handler() -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
