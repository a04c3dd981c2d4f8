//! A backend that RoadRunner did not start.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Process;

/// A running backend, and what it printed of itself.
pub struct Program {
    /// Its process.
    pub process: Process,
    /// Where gRPC listens.
    pub grpc: Option<SocketAddr>,
    /// Where HTTP listens.
    pub http: Option<SocketAddr>,
    /// What it says Centrifugo needs in its configuration.
    pub config: Value,
    name: &'static str,
    path: String,
    env: Vec<(String, String)>,
    folder: PathBuf,
}

impl Program {
    pub(crate) fn start(name: &'static str, path: &str, env: &[(String, String)], folder: &Path) -> Self {
        let mut command = Command::new(path);
        command
            .current_dir(folder)
            .env("NOTES", "notes")
            .envs(env.iter().map(|(key, value)| (key, value)));
        let mut process = Process::start(name, command, folder);
        let (log, config) = printed(&mut process);
        let address = |protocol: &str| {
            let line = log.lines().find_map(|line| line.strip_prefix(protocol))?;
            line.split(',').next()?.parse().ok()
        };
        Self {
            grpc: address("centrifugo: gRPC on "),
            http: address("centrifugo: HTTP on "),
            config,
            process,
            name,
            path: path.to_owned(),
            env: env.to_vec(),
            folder: folder.to_owned(),
        }
    }

    /// Starts it again on the same addresses, after its end.
    pub fn start_again(&mut self) {
        let mut env = self.env.clone();
        for (key, address) in [("WORKER_LISTEN", self.grpc), ("WORKER_HTTP_LISTEN", self.http)] {
            if let Some(address) = address {
                env.push((key.into(), address.to_string()));
            }
        }
        *self = Self::start(self.name, &self.path, &env, &self.folder);
    }
}

/// Waits for what a program prints at its start; the configuration is in it.
fn printed(process: &mut Process) -> (String, Value) {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let log = process.log();
        let config = log
            .split_once("so that it sends events to these handlers:\n")
            .and_then(|(_, rest)| serde_json::Deserializer::from_str(rest).into_iter().next()?.ok());
        if let Some(config) = config {
            return (log, config);
        }
        assert!(
            process.is_running() && Instant::now() < end,
            "the program does not start:\n{log}"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}
