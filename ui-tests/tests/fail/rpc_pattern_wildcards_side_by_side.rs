#[centrifugo::rpc("{a}{b}")]
fn handler(a: String, b: String) {
    let _ = (a, b);
}

fn main() {}
