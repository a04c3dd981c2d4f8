//! `serve()` inside a tokio runtime, or `Server::serve` if the variable `SERVE` is set.

use centrifugo::{ServeError, Server};

#[centrifugo::rpc("only")]
fn only() {}

fn main() -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        if std::env::var_os("SERVE").is_some() {
            Server::from_env()?.serve().await
        } else {
            centrifugo::serve()
        }
    })
}
