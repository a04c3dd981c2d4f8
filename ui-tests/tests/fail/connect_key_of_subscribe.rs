use centrifugo::reply;

#[centrifugo::connect(channel = "a")]
fn handler() -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
