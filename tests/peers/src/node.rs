//! A node of Centrifugo with a given configuration.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::merge::merge;
use crate::{ClientUrl, Process, ports, programs};

/// A running node.
pub struct Node {
    /// The process.
    pub process: Process,
    http: u16,
}

impl Node {
    /// Starts a node with this configuration on a free port and waits until it listens.
    pub(crate) fn start(name: &'static str, config: &Value, folder: &Path) -> Self {
        Self::start_with_env(name, config, folder, &[])
    }

    /// Starts a node with these variables in its environment.
    pub(crate) fn start_with_env(
        name: &'static str,
        config: &Value,
        folder: &Path,
        env: &[(String, String)],
    ) -> Self {
        match Self::try_start(name, config, folder, env) {
            Ok(node) => node,
            Err(log) => panic!("{name} does not start:\n{log}"),
        }
    }

    /// Starts a node and waits until it listens.
    ///
    /// # Errors
    ///
    /// Returns the log if Centrifugo refuses the configuration.
    pub fn try_start(
        name: &'static str,
        config: &Value,
        folder: &Path,
        env: &[(String, String)],
    ) -> Result<Self, String> {
        let http = ports::free();
        let mut own = json!({
            "http_server": { "address": "127.0.0.1", "port": http.to_string() },
            "log": { "level": "info" },
            "client": { "allowed_origins": ["*"] },
        });
        merge(&mut own, config.clone());
        let file = format!("{name}.json");
        fs::write(folder.join(&file), format!("{own:#}\n")).expect("a configuration");
        let mut command = Command::new(programs::centrifugo());
        command
            .current_dir(folder)
            .args(["-c", &file])
            .envs(env.iter().cloned());
        let mut process = Process::start(name, command, folder);
        if process.listens_on(http) {
            Ok(Self { process, http })
        } else {
            Err(process.log())
        }
    }

    /// Returns `host:port` for HTTP and WebSocket.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.http)
    }
}

impl ClientUrl for Node {
    fn url(&self) -> String {
        format!("ws://{}/connection/websocket", self.address())
    }
}
