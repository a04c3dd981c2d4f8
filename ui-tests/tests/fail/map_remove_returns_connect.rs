use centrifugo::reply;

#[centrifugo::map_remove(channel = "a:*")]
fn handler() -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
