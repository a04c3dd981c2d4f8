#[centrifugo::state]
fn any() -> impl Send {}

fn main() {}
