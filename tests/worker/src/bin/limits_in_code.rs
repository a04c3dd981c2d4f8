//! Limits set in code.

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
    let server = Server::from_env()?;
    if std::env::var_os("ZEROS").is_some() {
        return server
            .handler_timeout(Duration::ZERO)
            .max_frame_len(0)
            .max_events(0)
            .concurrency(0)
            .max_connections(0)
            .run();
    }
    server
        .handler_timeout(Duration::from_millis(200))
        .max_frame_len(1000)
        .run()
}
