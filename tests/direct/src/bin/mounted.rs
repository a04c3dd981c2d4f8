//! Mounts the gRPC service or the HTTP router, or serves by itself, as its arguments say, and exits.
//!
//! With the argument `forget` it exits without calling `Handle::finish`.

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
        let server = Server::from_env()?.allow_unauthenticated();
        if has("serve") {
            return server
                .shutdown(std::future::ready(()))
                .build()
                .await?
                .serve()
                .await;
        }
        let app = server.build().await?;
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
