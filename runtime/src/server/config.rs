//! Settings from the environment.

#[cfg(feature = "_direct")]
use std::path::PathBuf;
use std::time::Duration;

#[cfg(feature = "_direct")]
use crate::endpoint;
use crate::settings::Environment;
use crate::startup::{Describe, ServeError};
use crate::worker::Relay;

/// The longest frame or message unless set, in bytes.
const MAX_FRAME_LEN: usize = 64 << 20;

#[derive(Clone, Debug)]
pub(crate) struct Config {
    mode: Option<String>,
    relay: Option<String>,
    pub(crate) describe: Option<Describe>,
    /// RoadRunner's own version.
    pub(crate) version: Option<String>,
    pub(crate) handler_timeout: Option<Duration>,
    pub(crate) max_frame_len: usize,
    pub(crate) max_events: Option<u64>,
    /// The variables that are set.
    pub(super) variables: Vec<&'static str>,
    #[cfg(feature = "_direct")]
    pub(crate) direct: endpoint::Settings,
}

impl Config {
    pub(crate) fn from_env(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ServeError> {
        let mut environment = Environment::new(&variable);
        let config = Self {
            mode: environment.text("RR_MODE"),
            relay: environment.text("RR_RELAY"),
            describe: environment.word(
                "WORKER_DESCRIBE",
                &[("1", Describe::Table), ("json", Describe::Json)],
            ),
            version: environment.text("RR_VERSION"),
            handler_timeout: environment.duration("WORKER_HANDLER_TIMEOUT"),
            max_frame_len: environment.count("WORKER_MAX_FRAME_LEN").unwrap_or(MAX_FRAME_LEN),
            max_events: environment.number("WORKER_MAX_EVENTS"),
            variables: environment.known(),
            #[cfg(feature = "_direct")]
            direct: endpoint_settings(&mut environment),
        };
        if environment.problems.is_empty() {
            Ok(config)
        } else {
            Err(ServeError::texts(environment.problems))
        }
    }

    /// What code may set and the environment may not: limits that let nothing through.
    pub(crate) fn zeros(&self) -> Vec<String> {
        let zeros = [
            (
                "handler_timeout",
                self.handler_timeout.is_some_and(|limit| limit.is_zero()),
            ),
            ("max_frame_len", self.max_frame_len == 0),
            ("max_events", self.max_events == Some(0)),
            #[cfg(feature = "_direct")]
            ("concurrency", self.direct.limits.concurrency == Some(0)),
            #[cfg(feature = "_direct")]
            ("max_blocked_handlers", self.direct.limits.max_blocked == Some(0)),
            #[cfg(feature = "_direct")]
            ("max_connections", self.direct.max_connections == Some(0)),
        ];
        zeros
            .iter()
            .filter(|(_, is_zero)| *is_zero)
            .map(|(setting, _)| format!("`Server::{setting}` was given 0"))
            .collect()
    }

    /// The relay of RoadRunner, if it started this process.
    pub(crate) fn relay(&self) -> Result<Option<Relay>, ServeError> {
        match self.mode.as_deref() {
            None | Some("" | "centrifuge") => {}
            Some(mode) => {
                return Err(ServeError::start(format!(
                    "RoadRunner started this process for its `{mode}` plugin (RR_MODE), but it answers the `centrifuge` plugin: \
                     check which section of .rr.yaml names this command"
                )));
            }
        }
        match self.relay.as_deref() {
            None | Some("") => Ok(None),
            Some(relay) => relay
                .parse()
                .map(Some)
                .map_err(|text: String| ServeError::start(text)),
        }
    }
}

/// The settings of the endpoint that the environment has.
#[cfg(feature = "_direct")]
fn endpoint_settings(environment: &mut Environment<'_>) -> endpoint::Settings {
    let mut secrets = endpoint::Secrets::default();
    match (
        environment.text("WORKER_SECRET_KEY"),
        environment.text("WORKER_SECRET_VALUE"),
    ) {
        (Some(key), Some(value)) => {
            if let Err(text) = secrets.add(&key, &value) {
                let text = format!("WORKER_SECRET_KEY and WORKER_SECRET_VALUE: {text}");
                environment.problems.push(text);
            }
        }
        (None, None) => {}
        (Some(_), None) => environment
            .problems
            .push("WORKER_SECRET_KEY is set, but WORKER_SECRET_VALUE is not".into()),
        (None, Some(_)) => environment.problems.push(
            "WORKER_SECRET_VALUE is set, but WORKER_SECRET_KEY is not: it names the metadata that carries the secret"
                .into(),
        ),
    }
    let path = |name| environment.text(name).map(PathBuf::from);
    let tls = endpoint::Files {
        cert: path("WORKER_TLS_CERT"),
        key: path("WORKER_TLS_KEY"),
        client_ca: path("WORKER_TLS_CLIENT_CA"),
    };
    endpoint::Settings {
        listen: environment.text("WORKER_LISTEN"),
        http_listen: environment.text("WORKER_HTTP_LISTEN"),
        http_prefix: environment.text("WORKER_HTTP_PREFIX"),
        secrets,
        tls,
        allow_plain: environment.flag("WORKER_ALLOW_PLAIN"),
        limits: endpoint::Limits {
            concurrency: environment.count("WORKER_CONCURRENCY"),
            max_blocked: environment.count("WORKER_MAX_BLOCKED_HANDLERS"),
        },
        max_connections: environment.count("WORKER_MAX_CONNECTIONS"),
        problems: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(pairs: &[(&str, &str)]) -> Result<Config, ServeError> {
        Config::from_env(|key| {
            pairs
                .iter()
                .find(|(name, _)| *name == key)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn all_wrong_values_are_named_at_once() {
        let error = config(&[
            ("WORKER_HANDLER_TIMEOUT", "30"),
            ("WORKER_MAX_EVENTS", "0"),
            ("WORKER_MAX_FRAME_LEN", "x"),
        ])
        .unwrap_err();
        let text = error.to_string();
        for key in [
            "WORKER_HANDLER_TIMEOUT",
            "WORKER_MAX_EVENTS",
            "WORKER_MAX_FRAME_LEN",
        ] {
            assert!(text.contains(key), "{text}");
        }
    }

    #[test]
    fn another_mode_is_a_start_error_and_no_relay_is_none() {
        let other = config(&[("RR_MODE", "http"), ("RR_RELAY", "pipes")])
            .unwrap()
            .relay()
            .unwrap_err();
        assert!(other.to_string().contains("`http` plugin"), "{other}");
        assert_eq!(config(&[]).unwrap().relay().unwrap(), None);
    }

    #[cfg(feature = "_direct")]
    async fn refused(pairs: &[(&str, &str)]) -> String {
        config(pairs)
            .unwrap()
            .direct
            .resolve()
            .await
            .err()
            .map_or_else(String::new, |problems| format!("{problems:?}"))
    }

    #[cfg(feature = "_direct")]
    #[test]
    fn halves_of_a_secret_and_other_words_are_named() {
        for (pairs, part) in [
            (&[("WORKER_SECRET_KEY", "k")][..], "WORKER_SECRET_VALUE is not"),
            (&[("WORKER_SECRET_VALUE", "hidden")], "WORKER_SECRET_KEY is not"),
            (&[("WORKER_ALLOW_PLAIN", "yes")], "WORKER_ALLOW_PLAIN"),
            (
                &[("WORKER_SECRET_KEY", "a b"), ("WORKER_SECRET_VALUE", "hidden")],
                "can't be metadata",
            ),
        ] {
            let problems = config(pairs).unwrap_err().to_string();
            assert!(
                problems.contains(part) && !problems.contains("hidden"),
                "{problems}"
            );
        }
    }

    #[cfg(feature = "_direct")]
    #[tokio::test]
    async fn an_open_address_needs_a_guard() {
        for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:10001"] {
            let open = [("WORKER_LISTEN", address)];
            assert!(refused(&open).await.contains("can be any user"), "{address}");
            for guard in [
                &[("WORKER_ALLOW_PLAIN", "1")][..],
                &[("WORKER_SECRET_KEY", "k"), ("WORKER_SECRET_VALUE", "v")],
            ] {
                assert_eq!(refused(&[&open[..], guard].concat()).await, "", "{address}");
            }
        }
        for address in ["127.0.0.1:0", "127.9.9.9:1", "[::1]:0", "localhost:0"] {
            assert_eq!(refused(&[("WORKER_LISTEN", address)]).await, "", "{address}");
        }
        let problems = refused(&[("WORKER_LISTEN", "10001")]).await;
        assert!(problems.contains("not an address"), "{problems}");
        let none = refused(&[("WORKER_LISTEN", "off")]).await;
        assert!(none.contains("no address to listen on"), "{none}");
    }

    #[cfg(feature = "_direct")]
    #[test]
    fn prefixes() {
        let prefix = |text: &str| config(&[("WORKER_HTTP_PREFIX", text)]).unwrap().direct.prefix();
        assert_eq!(prefix(""), Ok("/centrifugo".into()));
        assert_eq!(prefix("/"), Ok(String::new()));
        assert_eq!(prefix("a/b/"), Ok("/a/b".into()));
        assert!(prefix("/{x}").is_err() && prefix("a b").is_err());
    }
}
