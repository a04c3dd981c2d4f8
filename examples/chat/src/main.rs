//! A chat: rooms with rules, history, presence, typing notices, a bot, moderation, and a page in the browser.
//!
//! `cargo run -p chat` runs all of it, Centrifugo included. Under RoadRunner it is a worker; then `chat page` serves the
//! page.

use std::process::ExitCode;

use centrifugo::{BoxError, Server};

mod alone;
mod bot;
mod error;
mod limit;
mod login;
mod member;
mod messages;
mod moderation;
mod name;
mod node;
mod page;
mod rooms;
mod settings;
mod store;
#[cfg(test)]
mod tests;

use error::ChatError;
use settings::Settings;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("chat: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), BoxError> {
    let argument = std::env::args().nth(1);
    let by_roadrunner = std::env::var_os("RR_RELAY").is_some();
    match argument.as_deref() {
        None if by_roadrunner => Ok(server()?.serve().await?),
        None => alone::run(Settings::from_env()?).await,
        Some("page") => page::Page::open(&Settings::from_env()?).await?.serve().await,
        Some(other) => {
            Err(format!("`{other}` is not known: `chat` runs all, `chat page` serves the page").into())
        }
    }
}

fn server() -> Result<Server, BoxError> {
    Ok(Server::from_env()?.layer(limit::layer()))
}
