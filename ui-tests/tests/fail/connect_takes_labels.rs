use centrifugo::extract::Labels;
use centrifugo::reply;

#[centrifugo::connect]
fn handler(_taken: Labels) -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
