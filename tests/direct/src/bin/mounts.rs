//! Mounts what its argument says, and ends.

use centrifugo::{ServeError, Server};

#[centrifugo::rpc("ping")]
fn ping() {}

#[centrifugo::shutdown]
fn shutdown() {
    eprintln!("shut down");
}

fn main() -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let has = |word| std::env::args().any(|argument| argument == word);
    runtime.block_on(async {
        let app = Server::from_env()?.allow_unauthenticated().build().await?;
        let handle = app.handle();
        if has("service") {
            app.into_service()?;
        } else {
            drop(app.into_router()?);
        }
        if !has("forget") {
            handle.finish().await;
        }
        Ok(())
    })
}
