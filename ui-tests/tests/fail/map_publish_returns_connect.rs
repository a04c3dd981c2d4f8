use centrifugo::reply;

#[centrifugo::map_publish(channel = "a:*")]
fn handler() -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
