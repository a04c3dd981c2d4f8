fn allowed(user: centrifugo::UserId) -> bool {
    &*user == "ann"
}

#[centrifugo::rpc("ping", layer = allowed)]
fn ping() {}

fn main() {}
