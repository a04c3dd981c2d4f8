#[centrifugo::rpc("a", blocking)]
async fn handler() {}

fn main() {}
