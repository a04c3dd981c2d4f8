//! A worker whose handler returns its data.

use centrifugo::{Data, ServeError};

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

fn main() -> Result<(), ServeError> {
    centrifugo::serve()
}
