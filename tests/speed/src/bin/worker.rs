//! The worker: its handler returns the data that it took.

use centrifugo::{Data, ServeError};

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

fn main() -> Result<(), ServeError> {
    centrifugo::serve()
}
