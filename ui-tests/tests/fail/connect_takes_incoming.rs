use centrifugo::extract::Incoming;
use centrifugo::reply;

#[centrifugo::connect]
fn handler(_taken: Incoming) -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
