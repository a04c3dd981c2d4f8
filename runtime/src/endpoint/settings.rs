//! Where the endpoints listen, and who may call them.

use std::net::SocketAddr;

use tokio::net::lookup_host;

use super::secrets::Secrets;
use super::tls::{Files, Tls};
use crate::endpoint::executor::Limits;

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
    pub(crate) tls: Files,
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
