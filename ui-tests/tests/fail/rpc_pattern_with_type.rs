#[centrifugo::rpc("user/{id:u32}")]
fn user(id: u32) {
    let _ = id;
}

fn main() {}
