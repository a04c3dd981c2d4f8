use centrifugo::Scoped;

struct Member;

#[centrifugo::rpc("a")]
fn handler(_member: Scoped<Member>) {}

fn main() {}
