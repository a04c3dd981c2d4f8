//! Settings from the environment.

use std::time::Duration;

use crate::startup::{Describe, Problem, ServeError};
use crate::worker::Relay;

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
    pub(crate) direct: crate::endpoint::Settings,
}

impl Config {
    pub(crate) fn from_env(var: impl Fn(&str) -> Option<String>) -> Result<Self, ServeError> {
        let mut problems = Vec::new();
        let mut number = |key: &str| {
            let text = var(key)?;
            match text.parse::<u64>() {
                Ok(number) if number > 0 => Some(number),
                _ => {
                    problems.push(Problem::new(
                        None,
                        format!("{key} is `{text}`, not a number above 0"),
                    ));
                    None
                }
            }
        };
        let max_frame_len = number("WORKER_MAX_FRAME_LEN")
            .map_or(64 << 20, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
        let max_events = number("WORKER_MAX_EVENTS");
        #[cfg(feature = "_direct")]
        let concurrency = number("WORKER_CONCURRENCY");
        #[cfg(feature = "_direct")]
        let max_connections = number("WORKER_MAX_CONNECTIONS");
        #[cfg(feature = "_direct")]
        let max_blocked = number("WORKER_MAX_BLOCKED_HANDLERS");
        let handler_timeout = var("WORKER_HANDLER_TIMEOUT").and_then(|text| {
            let limit = duration(&text);
            if limit.is_none() {
                problems.push(Problem::new(
                    None,
                    format!("WORKER_HANDLER_TIMEOUT is `{text}`, not a time such as `900ms` or `30s`"),
                ));
            }
            limit
        });
        let describe = var("WORKER_DESCRIBE").and_then(|text| match text.as_str() {
            "" | "0" => None,
            "1" => Some(Describe::Table),
            "json" => Some(Describe::Json),
            _ => {
                let text = format!("WORKER_DESCRIBE is `{text}`, not `1` or `json`");
                problems.push(Problem::new(None, text));
                None
            }
        });
        #[cfg(feature = "_direct")]
        let direct = crate::endpoint::Settings {
            limits: crate::endpoint::Limits {
                concurrency: concurrency.map(|events| usize::try_from(events).unwrap_or(usize::MAX)),
                max_blocked: max_blocked.map(|count| usize::try_from(count).unwrap_or(usize::MAX)),
            },
            max_connections: max_connections.map(|count| usize::try_from(count).unwrap_or(usize::MAX)),
            ..crate::endpoint::Settings::from_env(&var, &mut problems)
        };
        if !problems.is_empty() {
            return Err(ServeError::problems(problems));
        }
        Ok(Self {
            mode: var("RR_MODE"),
            relay: var("RR_RELAY"),
            describe,
            version: var("RR_VERSION"),
            handler_timeout,
            max_frame_len,
            max_events,
            variables: super::variables::set(&var),
            #[cfg(feature = "_direct")]
            direct,
        })
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

/// `900ms`, `30s`, `2m`.
fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().ok().filter(|number| *number > 0)?;
    match &text[digits.len()..] {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        _ => None,
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
    fn times() {
        assert_eq!(duration("900ms"), Some(Duration::from_millis(900)));
        assert_eq!(duration("30s"), Some(Duration::from_secs(30)));
        assert_eq!(duration("2m"), Some(Duration::from_secs(120)));
        for wrong in ["", "s", "0s", "-1s", "1.5s", "1h", "5 s"] {
            assert_eq!(duration(wrong), None, "{wrong}");
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
}
