//! Limits that code sets.

use std::time::Duration;

use centrifugo::{Data, ServeError, Server};

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

#[centrifugo::rpc("hang")]
async fn hang() {
    std::future::pending::<()>().await;
}

fn main() -> Result<(), ServeError> {
    Server::from_env()?
        .handler_timeout(Duration::from_millis(200))
        .max_frame_len(1000)
        .run()
}
