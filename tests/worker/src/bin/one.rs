//! One handler: everything else has none.

#[centrifugo::rpc("only")]
fn only() {}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
