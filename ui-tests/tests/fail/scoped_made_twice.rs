struct Member;

#[centrifugo::scoped]
fn first() -> Member {
    Member
}

#[centrifugo::scoped]
fn second() -> Member {
    Member
}

fn main() {}
