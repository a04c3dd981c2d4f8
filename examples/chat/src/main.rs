//! A chat: rooms with access rules, history, presence, typing notices, a bot, moderation and a web page.
//!
//! `cargo run -p chat` runs everything, including Centrifugo. Under RoadRunner the program is a worker, and `chat page`
//! serves the page.

use std::process::ExitCode;
use std::time::Duration;

use centrifugo::event::Kind;
use centrifugo::layer::RateLimit;
use centrifugo::{BoxError, Server};

mod all_in_one;
mod bot;
mod centrifugo_process;
mod device;
mod error;
mod find_centrifugo;
mod login;
mod member;
mod membership;
mod mentions;
mod messages;
mod moderation;
mod name;
mod page;
mod parent_death_signal;
mod rooms;
mod settings;
mod store;
#[cfg(test)]
mod tests;
mod token_key;

use error::ChatError;
use settings::Settings;

fn main() -> ExitCode {
    match parent_death_signal::exec_if_requested().and_then(|()| run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("chat: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run() -> Result<(), BoxError> {
    let argument = std::env::args().nth(1);
    let by_roadrunner = std::env::var_os("RR_RELAY").is_some();
    match argument.as_deref() {
        None if by_roadrunner => Ok(server()?.serve().await?),
        // Prints the description, which needs no Centrifugo, and ends.
        None if std::env::var_os("WORKER_DESCRIBE").is_some() => {
            Ok(server()?.listen(Settings::from_env()?.events).serve().await?)
        }
        None => all_in_one::run(Settings::from_env()?).await,
        Some("page") => page::Page::open(&Settings::from_env()?).await?.serve().await,
        Some(other) => {
            Err(format!("`{other}` is not known: `chat` runs all, `chat page` serves the page").into())
        }
    }
}

fn server() -> Result<Server, BoxError> {
    Ok(Server::from_env()?.layer(rate_limit()))
}

/// Refuses the publications of users who write too much, before they reach a handler: a user can send ten messages at once,
/// and then one per second. Each process counts on its own.
fn rate_limit() -> RateLimit {
    RateLimit::per_user(10, Duration::from_secs(10)).kinds([Kind::Publish])
}
