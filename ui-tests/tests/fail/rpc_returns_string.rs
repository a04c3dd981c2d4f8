#[centrifugo::rpc("a")]
fn handler() -> String {
    String::new()
}

fn main() {}
