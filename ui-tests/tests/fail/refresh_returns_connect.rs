use centrifugo::reply;

#[centrifugo::refresh]
fn handler() -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
