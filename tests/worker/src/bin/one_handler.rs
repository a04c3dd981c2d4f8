//! A program with a single handler.

#[centrifugo::rpc("only")]
fn only() {}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
