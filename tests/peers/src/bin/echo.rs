//! What is measured: a handler that returns the data that it took.

use centrifugo::{Data, ServeError};

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

fn main() -> Result<(), ServeError> {
    centrifugo::serve()
}
