//! All settings of a server, and their values from the environment.

#[cfg(feature = "_direct")]
use std::path::PathBuf;
use std::time::Duration;

#[cfg(feature = "_direct")]
use crate::endpoint;
use crate::logging::{LogFormat, PersonalIds};
use crate::settings::Environment;
use crate::startup::ServeError;
use crate::worker::Relay;

/// The default of the longest frame or message, in bytes.
const MAX_FRAME_LEN: usize = 64 << 20;

/// What `WORKER_DESCRIBE` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Description {
    /// A table of the handlers.
    Handlers,
    /// The document of the whole program.
    Document,
    /// Centrifugo's configuration.
    Config,
    /// The configuration of RoadRunner, and Centrifugo's configuration for RoadRunner.
    RoadRunner,
}

#[derive(Clone, Debug)]
pub(crate) struct Config {
    mode: Option<String>,
    relay: Option<String>,
    pub(crate) describe: Option<Description>,
    pub(crate) roadrunner_version: Option<String>,
    /// The address of RoadRunner's RPC.
    pub(crate) roadrunner_rpc: Option<String>,
    pub(crate) handler_timeout: Option<Duration>,
    pub(crate) max_frame_len: usize,
    pub(crate) max_events: Option<u64>,
    #[cfg_attr(
        not(feature = "logging"),
        allow(dead_code, reason = "unused without the feature")
    )]
    pub(crate) log_format: LogFormat,
    pub(crate) personal_ids: PersonalIds,
    /// Whether the `traceparent` of an event is the parent of its span.
    pub(crate) trusts_trace_parent: bool,
    /// The names of the variables that are set.
    pub(super) variables: Vec<&'static str>,
    #[cfg(feature = "_direct")]
    pub(crate) endpoint: endpoint::Settings,
}

impl Config {
    /// Reads the settings. `variable` returns the value of an environment variable.
    ///
    /// # Errors
    ///
    /// Returns all invalid values at once.
    pub(crate) fn from_env(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ServeError> {
        let mut environment = Environment::new(&variable);
        let config = Self {
            mode: environment.text("RR_MODE"),
            relay: environment.text("RR_RELAY"),
            describe: environment.word(
                "WORKER_DESCRIBE",
                &[
                    ("1", Description::Handlers),
                    ("json", Description::Document),
                    ("config", Description::Config),
                    ("roadrunner", Description::RoadRunner),
                ],
            ),
            roadrunner_version: environment.text("RR_VERSION"),
            roadrunner_rpc: environment.text("RR_RPC"),
            handler_timeout: environment.duration("WORKER_HANDLER_TIMEOUT"),
            max_frame_len: environment.count("WORKER_MAX_FRAME_LEN").unwrap_or(MAX_FRAME_LEN),
            max_events: environment.number("WORKER_MAX_EVENTS"),
            log_format: LogFormat::from_env(&mut environment),
            personal_ids: environment
                .word(
                    "WORKER_LOG_USER",
                    &[
                        ("off", PersonalIds::Hidden),
                        ("hash", PersonalIds::Hashed),
                        ("on", PersonalIds::Shown),
                    ],
                )
                .unwrap_or(PersonalIds::Shown),
            trusts_trace_parent: environment
                .word("WORKER_TRACE_PARENT", &[("link", false), ("trust", true)])
                .unwrap_or_default(),
            variables: environment.set_variables(),
            #[cfg(feature = "_direct")]
            endpoint: endpoint_settings(&mut environment),
        };
        if environment.problems.is_empty() {
            Ok(config)
        } else {
            Err(ServeError::texts(environment.problems))
        }
    }

    /// Returns a problem for each limit that code has set to 0. In the environment, 0 is invalid already.
    pub(crate) fn zero_limits(&self) -> Vec<String> {
        let limits = [
            (
                "handler_timeout",
                self.handler_timeout.is_some_and(|limit| limit.is_zero()),
            ),
            ("max_frame_len", self.max_frame_len == 0),
            ("max_events", self.max_events == Some(0)),
            #[cfg(feature = "_direct")]
            ("concurrency", self.endpoint.limits.concurrency == Some(0)),
            #[cfg(feature = "_direct")]
            (
                "max_blocked_handlers",
                self.endpoint.limits.max_blocked == Some(0),
            ),
            #[cfg(feature = "_direct")]
            ("max_connections", self.endpoint.max_connections == Some(0)),
        ];
        limits
            .iter()
            .filter(|(_, is_zero)| *is_zero)
            .map(|(setting, _)| format!("`Server::{setting}` was given 0"))
            .collect()
    }

    /// Returns the relay to RoadRunner, if RoadRunner started this process.
    ///
    /// # Errors
    ///
    /// Returns an error if RoadRunner started the process for another plugin, or if the relay is invalid.
    pub(crate) fn relay(&self) -> Result<Option<Relay>, ServeError> {
        match self.mode.as_deref() {
            None | Some("" | "centrifuge") => {}
            Some(mode) => {
                return Err(ServeError::start(format!(
                    "RoadRunner started this process for its `{mode}` plugin (RR_MODE), but this program serves only the `centrifuge` \
                     plugin; check which section of .rr.yaml has this command"
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

/// Reads the settings of the endpoint from the environment.
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
            "WORKER_SECRET_VALUE is set, but WORKER_SECRET_KEY is not; set it to the metadata key of the secret"
                .into(),
        ),
    }
    let path = |name| environment.text(name).map(PathBuf::from);
    let tls = endpoint::TlsFiles {
        cert: path("WORKER_TLS_CERT"),
        key: path("WORKER_TLS_KEY"),
        client_ca: path("WORKER_TLS_CLIENT_CA"),
    };
    endpoint::Settings {
        listen: environment.text("WORKER_LISTEN"),
        http_listen: environment.text("WORKER_HTTP_LISTEN"),
        http_prefix: environment.text("WORKER_HTTP_PREFIX"),
        metrics_listen: environment.text("WORKER_METRICS_LISTEN"),
        secrets,
        tls,
        allow_plain: environment.flag("WORKER_ALLOW_PLAIN"),
        limits: endpoint::Limits {
            concurrency: environment.count("WORKER_CONCURRENCY"),
            max_blocked: environment.count("WORKER_MAX_BLOCKED_HANDLERS"),
        },
        max_connections: environment.count("WORKER_MAX_CONNECTIONS"),
        api_url: environment.text("WORKER_API"),
        hides_banner: !environment.switch("WORKER_BANNER", true),
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
    fn reports_all_invalid_values_at_once() {
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
    fn refuses_another_plugin() {
        let other = config(&[("RR_MODE", "http"), ("RR_RELAY", "pipes")])
            .unwrap()
            .relay()
            .unwrap_err();
        assert!(other.to_string().contains("`http` plugin"), "{other}");
        assert_eq!(config(&[]).unwrap().relay().unwrap(), None);
    }

    #[cfg(feature = "_direct")]
    async fn problems(pairs: &[(&str, &str)]) -> String {
        config(pairs)
            .unwrap()
            .endpoint
            .resolve()
            .await
            .err()
            .map_or_else(String::new, |problems| format!("{problems:?}"))
    }

    #[cfg(feature = "_direct")]
    #[test]
    fn reports_incomplete_secrets_and_invalid_flags() {
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
    async fn refuses_a_reachable_address_without_protection() {
        for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:10001"] {
            let listen = [("WORKER_LISTEN", address)];
            assert!(problems(&listen).await.contains("can be any user"), "{address}");
            for protection in [
                &[("WORKER_ALLOW_PLAIN", "1")][..],
                &[("WORKER_SECRET_KEY", "k"), ("WORKER_SECRET_VALUE", "v")],
            ] {
                assert_eq!(
                    problems(&[&listen[..], protection].concat()).await,
                    "",
                    "{address}"
                );
            }
        }
        for address in ["127.0.0.1:0", "127.9.9.9:1", "[::1]:0", "localhost:0"] {
            assert_eq!(problems(&[("WORKER_LISTEN", address)]).await, "", "{address}");
        }
        let invalid = problems(&[("WORKER_LISTEN", "10001")]).await;
        assert!(invalid.contains("must be an address"), "{invalid}");
        let none = problems(&[("WORKER_LISTEN", "off")]).await;
        assert!(none.contains("no address to listen on"), "{none}");
    }

    #[cfg(feature = "_direct")]
    #[test]
    fn normalizes_the_prefix() {
        let prefix = |text: &str| config(&[("WORKER_HTTP_PREFIX", text)]).unwrap().endpoint.prefix();
        assert_eq!(prefix(""), Ok("/centrifugo".into()));
        assert_eq!(prefix("/"), Ok(String::new()));
        assert_eq!(prefix("a/b/"), Ok("/a/b".into()));
        assert!(prefix("/{x}").is_err() && prefix("a b").is_err());
    }
}
