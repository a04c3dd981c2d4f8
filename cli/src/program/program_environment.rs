//! The environment and the arguments of a program that a command starts for itself.

use std::ffi::OsString;
use std::process::Command;

use super::removed_variables::REMOVED_VARIABLES;

/// The environment and the arguments of a program that a command starts for itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProgramEnvironment {
    pub(crate) arguments: Vec<OsString>,
    /// Variables on top of those of the command.
    pub(crate) variables: Vec<(String, String)>,
    /// Whether the program logs how each event ends.
    pub(crate) logs_outcomes: bool,
}

impl ProgramEnvironment {
    /// Returns the value that the program has for a variable, unless it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let of_file = self.variables.iter().rev().find(|(key, _)| key == name);
        let value = of_file.map(|(_, value)| value.clone());
        value
            .or_else(|| std::env::var(name).ok())
            .filter(|value| !value.trim().is_empty())
    }

    /// Prepares a command so that the program listens on a free port, and logs where.
    pub(super) fn apply(&self, command: &mut Command) {
        command
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        for name in REMOVED_VARIABLES {
            command.env_remove(name);
        }
        for name in ["WORKER_HTTP_LISTEN", "WORKER_METRICS_LISTEN"] {
            command.env_remove(name);
        }
        command
            .env("WORKER_LISTEN", "127.0.0.1:0")
            .env("WORKER_BANNER", "on")
            .env("WORKER_LOG", "json")
            .env(
                "RUST_LOG",
                log_filter(self.get("RUST_LOG").as_deref(), self.logs_outcomes),
            );
    }
}

/// Returns the filter of the log, with the lines that say where the program listens and, if wanted, how events end.
fn log_filter(own: Option<&str>, logs_outcomes: bool) -> String {
    let outcomes = if logs_outcomes {
        ",centrifugo::event=debug"
    } else {
        ""
    };
    format!("{},centrifugo=info{outcomes}", own.unwrap_or("info"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_always_has_the_address() {
        assert_eq!(
            log_filter(None, true),
            "info,centrifugo=info,centrifugo::event=debug"
        );
        assert_eq!(log_filter(Some("warn"), false), "warn,centrifugo=info");
    }

    #[test]
    fn variables_of_files_come_on_top() {
        let mut environment = ProgramEnvironment::default();
        assert!(environment.get("PATH").is_some());
        for (name, value) in [("PATH", "x"), ("PATH", "/a"), ("CARGO", " ")] {
            environment.variables.push((name.to_owned(), value.to_owned()));
        }
        assert_eq!(environment.get("PATH").as_deref(), Some("/a"));
        assert_eq!(environment.get("CARGO"), None);
        let mut command = Command::new("true");
        environment
            .variables
            .push(("WORKER_TLS_CERT".to_owned(), "/a".to_owned()));
        environment.apply(&mut command);
        let value = |name: &str| {
            command
                .get_envs()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
        };
        assert_eq!(value("PATH"), Some(Some("/a".as_ref())));
        assert_eq!(value("WORKER_TLS_CERT"), Some(None));
        assert_eq!(value("RR_RPC"), Some(None));
    }
}
