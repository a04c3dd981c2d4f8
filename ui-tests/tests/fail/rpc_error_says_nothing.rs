#[centrifugo::rpc("a")]
fn handler() -> Result<(), String> {
    Ok(())
}

fn main() {}
