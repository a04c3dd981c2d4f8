//! Centrifugo, as a child of this program.

use std::path::{Path, PathBuf};
use std::time::Duration;

use centrifugo::BoxError;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::settings::Settings;

/// Where the tests with the real peers put the Centrifugo that they build.
const BUILT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/peers/.bin/centrifugo");

/// The program: what `CENTRIFUGO` names, else the one on PATH, else the one that was built for the tests.
pub fn find() -> Result<PathBuf, BoxError> {
    if let Some(path) = std::env::var_os("CENTRIFUGO")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
    {
        return if path.is_file() {
            Ok(path)
        } else {
            Err(format!("CENTRIFUGO is `{}`, which is no file", path.display()).into())
        };
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join("centrifugo"))
        .chain([BUILT.into()])
        .find(|path| path.is_file())
        .ok_or_else(|| {
            "Centrifugo is not there: get it from https://centrifugal.dev/docs/getting-started/installation and put it \
             on PATH, or name it in the environment variable CENTRIFUGO; \
             where Go is, `cargo test -p peers --test chat by_roadrunner` builds it"
                .into()
        })
}

/// A running Centrifugo. Dropped, it is killed.
pub struct Node {
    child: Child,
    clients: String,
}

impl Node {
    pub fn start(program: &Path, settings: &Settings) -> Result<Self, BoxError> {
        let child = Command::new(program)
            .arg("--config")
            .arg(&settings.config)
            // Centrifugo reads all variables that begin with its name as settings.
            .env_remove("CENTRIFUGO")
            // Ctrl-C ends this program first, and it Centrifugo.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{} does not start: {error}", program.display()))?;
        Ok(Self {
            child,
            clients: settings.clients.clone(),
        })
    }

    /// Says `hint` when it takes clients, and then waits for its end, which is an error.
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

    /// Ends it, and waits until it is gone. That it ended by itself is fine, too.
    pub async fn stop(&mut self) {
        let _ = self.child.kill().await;
    }
}
