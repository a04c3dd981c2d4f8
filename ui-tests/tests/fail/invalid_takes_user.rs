use centrifugo::UserId;

#[centrifugo::invalid]
fn odd(_user: UserId) {}

fn main() {}
