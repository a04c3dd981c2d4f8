//! Where the endpoints listen, and who may call them.

use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::net::lookup_host;

use super::secrets::Secrets;
use super::tls::Tls;
use super::tls_files::TlsFiles;
use crate::endpoint::executor::Limits;
use crate::startup::Problem;

/// Where gRPC listens unless told otherwise.
const LISTEN: &str = "127.0.0.1:10001";
/// What the paths of the HTTP endpoint begin with, as in Centrifugo's docs.
const PREFIX: &str = "/centrifugo";

#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) listen: Option<String>,
    pub(crate) http_listen: Option<String>,
    pub(crate) http_prefix: Option<String>,
    pub(crate) secrets: Secrets,
    pub(crate) tls: TlsFiles,
    pub(crate) allow_plain: bool,
    pub(crate) limits: Limits,
    pub(crate) max_connections: Option<usize>,
    /// What code set wrongly: said at start, with the rest.
    pub(crate) wrong: Vec<String>,
}

/// Settings that were checked.
pub(crate) struct Ready {
    pub(crate) grpc: Option<Vec<SocketAddr>>,
    pub(crate) http: Option<Vec<SocketAddr>>,
    pub(crate) tls: Option<Tls>,
}

impl Settings {
    pub(crate) fn from_env(var: impl Fn(&str) -> Option<String>, problems: &mut Vec<Problem>) -> Self {
        let var = |key: &str| var(key).filter(|value| !value.is_empty());
        let mut secrets = Secrets::default();
        match (var("WORKER_SECRET_KEY"), var("WORKER_SECRET_VALUE")) {
            (Some(key), Some(value)) => {
                if let Err(text) = secrets.add(&key, &value) {
                    problems.push(Problem::new(
                        None,
                        format!("WORKER_SECRET_KEY and WORKER_SECRET_VALUE: {text}"),
                    ));
                }
            }
            (None, None) => {}
            (Some(_), None) => problems.push(Problem::new(
                None,
                "WORKER_SECRET_KEY is set, but WORKER_SECRET_VALUE is not",
            )),
            (None, Some(_)) => problems.push(Problem::new(
                None,
                "WORKER_SECRET_VALUE is set, but WORKER_SECRET_KEY is not: it names the metadata that carries it",
            )),
        }
        let allow_plain = match var("WORKER_ALLOW_PLAIN").as_deref() {
            None | Some("0") => false,
            Some("1") => true,
            Some(text) => {
                problems.push(Problem::new(
                    None,
                    format!("WORKER_ALLOW_PLAIN is `{text}`, not `1` or `0`"),
                ));
                false
            }
        };
        Self {
            listen: var("WORKER_LISTEN"),
            http_listen: var("WORKER_HTTP_LISTEN"),
            http_prefix: var("WORKER_HTTP_PREFIX"),
            secrets,
            tls: TlsFiles {
                cert: var("WORKER_TLS_CERT").map(PathBuf::from),
                key: var("WORKER_TLS_KEY").map(PathBuf::from),
                client_ca: var("WORKER_TLS_CLIENT_CA").map(PathBuf::from),
            },
            allow_plain,
            limits: Limits::default(),
            max_connections: None,
            wrong: Vec::new(),
        }
    }

    /// What the paths of the HTTP endpoint begin with: empty, or with a slash in front and none behind.
    pub(crate) fn prefix(&self) -> Result<String, String> {
        let text = self.http_prefix.as_deref().unwrap_or(PREFIX).trim_matches('/');
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~');
        if !text.chars().all(fits) {
            return Err(format!(
                "the prefix `{}` of the HTTP endpoint is not a path of letters, digits and `-_.~/`",
                text.escape_debug()
            ));
        }
        Ok(if text.is_empty() {
            String::new()
        } else {
            format!("/{text}")
        })
    }

    /// Resolves addresses, reads certificates, and holds one against the other.
    pub(crate) async fn check(&self) -> Result<Ready, Vec<String>> {
        let mut wrong = self.wrong.clone();
        let tls = self.tls.load().unwrap_or_else(|texts| {
            wrong.extend(texts);
            None
        });
        if let Err(text) = self.prefix() {
            wrong.push(text);
        }
        let grpc = match self.listen.as_deref().unwrap_or(LISTEN) {
            "off" => None,
            address if cfg!(feature = "grpc") => self.resolve("WORKER_LISTEN", address, &mut wrong).await,
            _ => None,
        };
        let http = match self.http_listen.as_deref() {
            None | Some("off") => None,
            Some(address) if cfg!(feature = "http") => {
                self.resolve("WORKER_HTTP_LISTEN", address, &mut wrong).await
            }
            Some(_) => {
                wrong.push(
                    "WORKER_HTTP_LISTEN is set, but `centrifugo` was built without its feature `http`".into(),
                );
                None
            }
        };
        if grpc.is_none() && http.is_none() && wrong.is_empty() {
            wrong.push(
                "there is nothing to listen on: set WORKER_LISTEN for gRPC (feature `grpc`) or WORKER_HTTP_LISTEN for HTTP (feature `http`)"
                    .into(),
            );
        }
        if wrong.is_empty() {
            Ok(Ready { grpc, http, tls })
        } else {
            Err(wrong)
        }
    }

    async fn resolve(&self, key: &str, address: &str, wrong: &mut Vec<String>) -> Option<Vec<SocketAddr>> {
        let addresses: Vec<SocketAddr> = match lookup_host(address).await {
            Ok(addresses) => addresses.collect(),
            Err(error) => {
                wrong.push(format!(
                    "{key} is `{}`, not an address such as `127.0.0.1:10001`: {error}",
                    address.escape_debug()
                ));
                return None;
            }
        };
        let guarded = !self.secrets.is_empty() || self.tls.client_ca.is_some() || self.allow_plain;
        if !guarded && addresses.iter().any(|address| !address.ip().is_loopback()) {
            wrong.push(format!(
                "{key} is `{address}`, which others than this machine can reach, and who reaches it can be any user: \
                 set a secret (WORKER_SECRET_KEY and WORKER_SECRET_VALUE, or `Server::require_metadata`) or mutual TLS \
                 (WORKER_TLS_CLIENT_CA), or WORKER_ALLOW_PLAIN=1 where the network keeps others out"
            ));
        }
        Some(addresses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> (Settings, Vec<Problem>) {
        let mut problems = Vec::new();
        let settings = Settings::from_env(
            |key| {
                pairs
                    .iter()
                    .find(|(name, _)| *name == key)
                    .map(|(_, value)| (*value).to_owned())
            },
            &mut problems,
        );
        (settings, problems)
    }

    async fn refused(pairs: &[(&str, &str)]) -> String {
        let (settings, problems) = settings(pairs);
        assert!(problems.is_empty(), "{problems:?}");
        settings
            .check()
            .await
            .err()
            .map_or_else(String::new, |problems| format!("{problems:?}"))
    }

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
            let problems = format!("{:?}", settings(pairs).1);
            assert!(
                problems.contains(part) && !problems.contains("hidden"),
                "{problems}"
            );
        }
    }

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
        let wrong = refused(&[("WORKER_LISTEN", "10001")]).await;
        assert!(wrong.contains("not an address"), "{wrong}");
        let none = refused(&[("WORKER_LISTEN", "off")]).await;
        assert!(none.contains("nothing to listen on"), "{none}");
    }

    #[test]
    fn prefixes() {
        let prefix = |text: &str| settings(&[("WORKER_HTTP_PREFIX", text)]).0.prefix();
        assert_eq!(prefix(""), Ok("/centrifugo".into()));
        assert_eq!(prefix("/"), Ok(String::new()));
        assert_eq!(prefix("a/b/"), Ok("/a/b".into()));
        assert!(prefix("/{x}").is_err() && prefix("a b").is_err());
    }
}
