//! Centrifugo as a child process.

use std::path::Path;
use std::time::Duration;

use centrifugo::BoxError;
use tokio::net::TcpStream;
use tokio::process::Child;
use tokio::time::sleep;

use crate::parent_death_signal;
use crate::settings::Settings;
use crate::token_key::{self, TokenSecret};

/// A running Centrifugo, killed on drop and, on Linux, when the chat is killed.
pub struct CentrifugoProcess {
    child: Child,
    clients: String,
}

impl CentrifugoProcess {
    /// Starts Centrifugo. Call this on the main thread, for the reason in [`parent_death_signal::command`].
    pub fn start(program: &Path, settings: &Settings, secret: &TokenSecret) -> Result<Self, BoxError> {
        let child = parent_death_signal::command(program)
            .arg("--config")
            .arg(&settings.config)
            // Centrifugo would read this variable as a setting.
            .env_remove("CENTRIFUGO")
            // Other users of the machine can read arguments, but not the environment.
            .env(token_key::VARIABLE, secret.as_str())
            // In a process group of its own, so that Ctrl-C reaches this program only, which then stops Centrifugo.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{} does not start: {error}", program.display()))?;
        Ok(Self {
            child,
            clients: settings.clients.clone(),
        })
    }

    /// Prints `hint` when Centrifugo accepts clients, and waits for its exit, which is an error.
    pub async fn run(&mut self, hint: &str) -> Result<(), BoxError> {
        let Self { child, clients } = self;
        let listens = async {
            while TcpStream::connect(clients.as_str()).await.is_err() {
                sleep(Duration::from_millis(50)).await;
            }
        };
        let status = tokio::select! {
            status = child.wait() => status?,
            () = listens => {
                eprintln!("{hint}");
                child.wait().await?
            }
        };
        Err(format!("Centrifugo ended: {status}").into())
    }

    /// Stops Centrifugo, if it is still running, and waits for its exit.
    pub async fn stop(&mut self) {
        let _ = self.child.kill().await;
    }
}
