//! A handler that returns its data, as an endpoint or a worker.

use centrifugo::{Data, ServeError};

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

fn main() -> Result<(), ServeError> {
    centrifugo::serve()
}
