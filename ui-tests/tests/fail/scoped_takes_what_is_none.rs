use centrifugo::Scoped;

struct Member;

#[centrifugo::scoped]
fn member(_number: u32) -> Member {
    Member
}

#[centrifugo::rpc("a")]
fn handler(_member: Scoped<Member>) {}

fn main() {}
