use centrifugo::reply;

#[centrifugo::rpc("a")]
fn handler() -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
