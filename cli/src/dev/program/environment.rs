//! The environment and the arguments of the program.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::process::Command;

/// Variables that are for another way to run the program, or would make two programs side by side impossible.
const REMOVED: [&str; 9] = [
    "RR_MODE",
    "RR_RELAY",
    "RR_RPC",
    "WORKER_DESCRIBE",
    "WORKER_SECRET_KEY",
    "WORKER_SECRET_VALUE",
    "WORKER_TLS_CERT",
    "WORKER_TLS_KEY",
    "WORKER_TLS_CLIENT_CA",
];

/// The environment and the arguments of the program.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    pub(crate) arguments: Vec<OsString>,
    /// Variables of the file.
    pub(crate) file: Vec<(String, String)>,
    /// Values for variables that neither the file nor the environment of `dev` has.
    pub(crate) defaults: Vec<(String, String)>,
}

impl Environment {
    /// Returns the value that the program would have for a variable.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let of_file = self.file.iter().rev().find(|(key, _)| key == name);
        of_file
            .map(|(_, value)| value.clone())
            .or_else(|| std::env::var(name).ok())
    }

    /// Prepares a command so that the program listens at this address, or describes itself as if it did.
    pub(crate) fn apply(&self, command: &mut Command, listen: SocketAddr) {
        command.args(&self.arguments);
        for (name, value) in &self.defaults {
            if self.get(name).is_none() {
                command.env(name, value);
            }
        }
        command.envs(self.file.iter().map(|(name, value)| (name, value)));
        for name in REMOVED {
            command.env_remove(name);
        }
        if self.get("WORKER_METRICS_LISTEN").is_some() {
            // The old and the new program could not both listen there.
            command.env("WORKER_METRICS_LISTEN", "off");
        }
        command
            .env("WORKER_LISTEN", listen.to_string())
            .env("WORKER_HTTP_LISTEN", "off");
    }
}
