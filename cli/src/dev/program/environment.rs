//! The environment and the arguments of the program.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::process::Command;

use crate::program::REMOVED_VARIABLES;

/// The secret of the program. The proxy is the program's only caller, and listens on a loopback address alone.
const SECRET: [&str; 2] = ["WORKER_SECRET_KEY", "WORKER_SECRET_VALUE"];

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
        for name in REMOVED_VARIABLES.into_iter().chain(SECRET) {
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
