use centrifugo::UserId;

#[centrifugo::state]
fn number(_user: UserId) -> u32 {
    1
}

fn main() {}
