//! Mounts what its argument says, and ends.

use centrifugo::{ServeError, Server};

#[centrifugo::rpc("ping")]
fn ping() {}

fn main() -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        if std::env::args().any(|argument| argument == "service") {
            Server::from_env()?.into_service().await?.finish().await;
        } else {
            Server::from_env()?.into_router().await?.finish().await;
        }
        Ok(())
    })
}
