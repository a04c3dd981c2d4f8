#[centrifugo::rpc("{a}/{a}")]
fn handler(a: String) {
    let _ = a;
}

fn main() {}
