#[centrifugo::connect]
fn handler(_user: centrifugo::UserId) -> centrifugo::reply::Connect {
    centrifugo::reply::Connect::anonymous()
}

fn main() {}
