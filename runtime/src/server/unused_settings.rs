//! Warnings for settings without an effect: those that the mode does not use, and unknown variables.

use super::config::Config;
use crate::settings::Mode::{self, Endpoint, Router, Service, Worker};
use crate::settings::{VARIABLES, unknown_variables};

impl Config {
    /// Returns the variables and the methods of `Server` that are set and have no effect in this mode.
    fn unused(&self, mode: Mode) -> Vec<&'static str> {
        let is_used = |name: &str| {
            VARIABLES
                .iter()
                .any(|variable| variable.name == name && variable.modes.contains(&mode))
        };
        let mut unused: Vec<_> = self
            .variables
            .iter()
            .copied()
            .filter(|name| !is_used(name))
            .collect();
        for (method, variable, is_set) in self.methods() {
            if is_set && !is_used(variable) && !unused.contains(&variable) {
                unused.push(method);
            }
        }
        unused
    }

    /// Returns methods of `Server`, with the variable of the same setting, and whether the setting has a value.
    #[cfg(feature = "_direct")]
    fn methods(&self) -> Vec<(&'static str, &'static str, bool)> {
        let endpoint = &self.endpoint;
        vec![
            (
                "Server::max_events",
                "WORKER_MAX_EVENTS",
                self.max_events.is_some(),
            ),
            (
                "Server::concurrency",
                "WORKER_CONCURRENCY",
                endpoint.limits.concurrency.is_some(),
            ),
            (
                "Server::max_blocked_handlers",
                "WORKER_MAX_BLOCKED_HANDLERS",
                endpoint.limits.max_blocked.is_some(),
            ),
            (
                "Server::max_connections",
                "WORKER_MAX_CONNECTIONS",
                endpoint.max_connections.is_some(),
            ),
            (
                "Server::require_metadata",
                "WORKER_SECRET_KEY",
                !endpoint.secrets.is_empty(),
            ),
            ("Server::listen", "WORKER_LISTEN", endpoint.listen.is_some()),
            (
                "Server::listen_http",
                "WORKER_HTTP_LISTEN",
                endpoint.http_listen.is_some(),
            ),
            (
                "Server::http_prefix",
                "WORKER_HTTP_PREFIX",
                endpoint.http_prefix.is_some(),
            ),
            ("Server::tls", "WORKER_TLS_CERT", endpoint.tls.cert.is_some()),
            (
                "Server::tls_client_ca",
                "WORKER_TLS_CLIENT_CA",
                endpoint.tls.client_ca.is_some(),
            ),
        ]
    }

    #[cfg(not(feature = "_direct"))]
    fn methods(&self) -> Vec<(&'static str, &'static str, bool)> {
        Vec::new()
    }

    /// Logs a warning for each setting that has no effect in this mode, and for each unknown `WORKER_*` variable.
    pub(crate) fn warn_of_unused(&self, mode: Mode) {
        let mode_name = match mode {
            Worker => "a RoadRunner worker",
            Endpoint => "the proxy endpoint",
            Service => "a mounted service",
            Router => "a mounted router",
        };
        for setting in self.unused(mode) {
            tracing::warn!(target: "centrifugo", setting, "setting ignored: not used by {mode_name}");
        }
        let set = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        for (variable, nearest) in unknown_variables(set) {
            match nearest {
                Some(nearest) => {
                    tracing::warn!(target: "centrifugo", variable, "unknown variable ignored: did you mean {nearest}?");
                }
                None => tracing::warn!(target: "centrifugo", variable, "unknown variable ignored"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(pairs: &[(&str, &str)]) -> Config {
        let var = |key: &str| {
            let pair = pairs.iter().find(|(name, _)| *name == key)?;
            Some(pair.1.to_owned())
        };
        Config::from_env(var).unwrap()
    }

    #[test]
    fn finds_variables_that_a_mode_does_not_use() {
        let config = config(&[
            ("WORKER_LISTEN", "127.0.0.1:1"),
            ("WORKER_HTTP_LISTEN", ""),
            ("WORKER_TLS_CERT", "no/such/file"),
            ("WORKER_HTTP_PREFIX", "/x"),
            ("WORKER_MAX_EVENTS", "7"),
            ("WORKER_HANDLER_TIMEOUT", "1s"),
        ]);
        let tls = ["WORKER_LISTEN", "WORKER_HTTP_PREFIX", "WORKER_TLS_CERT"];
        assert_eq!(config.unused(Worker), tls);
        assert_eq!(config.unused(Endpoint), ["WORKER_MAX_EVENTS"]);
        let service = [
            "WORKER_LISTEN",
            "WORKER_HTTP_PREFIX",
            "WORKER_TLS_CERT",
            "WORKER_MAX_EVENTS",
        ];
        assert_eq!(config.unused(Service), service);
        let router = ["WORKER_LISTEN", "WORKER_TLS_CERT", "WORKER_MAX_EVENTS"];
        assert_eq!(config.unused(Router), router);
    }

    #[cfg(feature = "_direct")]
    #[test]
    fn finds_settings_in_code_that_a_mode_does_not_use() {
        let mut config = config(&[]);
        config.endpoint.tls.cert = Some("cert.pem".into());
        config.max_events = Some(1);
        assert_eq!(config.unused(Service), ["Server::max_events", "Server::tls"]);
        assert_eq!(config.unused(Worker), ["Server::tls"]);
    }
}
