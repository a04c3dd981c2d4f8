use centrifugo::{UserId, reply};

#[centrifugo::connect]
fn handler(_taken: UserId) -> reply::Connect {
    reply::Connect::anonymous()
}

fn main() {}
