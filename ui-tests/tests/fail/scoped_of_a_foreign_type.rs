#[centrifugo::scoped]
fn text() -> String {
    String::new()
}

fn main() {}
