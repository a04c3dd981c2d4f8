//! The settings of the endpoints: their addresses, secrets and limits.

use std::net::SocketAddr;

use tokio::net::lookup_host;

use super::secrets::Secrets;
use super::tls::Tls;
use super::tls_files::TlsFiles;
use crate::endpoint::executor::Limits;

/// The default address of the gRPC endpoint.
const LISTEN: &str = "127.0.0.1:10001";
/// The problem of settings that disable both endpoints.
pub(crate) const NO_ADDRESS: &str = "there is no address to listen on; set WORKER_LISTEN for gRPC (feature `grpc`) or \
     WORKER_HTTP_LISTEN for HTTP (feature `http`)";
/// The default prefix of the HTTP endpoint's paths, as in Centrifugo's documentation.
const PREFIX: &str = "/centrifugo";

#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) listen: Option<String>,
    pub(crate) http_listen: Option<String>,
    pub(crate) http_prefix: Option<String>,
    pub(crate) metrics_listen: Option<String>,
    pub(crate) secrets: Secrets,
    pub(crate) tls: TlsFiles,
    pub(crate) allow_plain: bool,
    pub(crate) limits: Limits,
    pub(crate) max_connections: Option<usize>,
    /// The URL of Centrifugo's server API, for the configuration that the banner shows.
    pub(crate) api_url: Option<String>,
    /// Whether the program prints no banner at start.
    pub(crate) hides_banner: bool,
    /// Invalid values that code has set. They are reported with all other problems at start.
    pub(crate) problems: Vec<String>,
}

/// Settings that were checked, with their addresses and certificates.
pub(crate) struct ResolvedSettings {
    pub(crate) grpc: Option<Vec<SocketAddr>>,
    pub(crate) http: Option<Vec<SocketAddr>>,
    /// The address of the metrics server.
    pub(crate) metrics: Option<Vec<SocketAddr>>,
    pub(crate) tls: Option<Tls>,
}

impl Settings {
    /// Returns the prefix of the HTTP endpoint's paths. It is empty, or starts with a slash and does not end with one.
    pub(crate) fn prefix(&self) -> Result<String, String> {
        let text = self.http_prefix.as_deref().unwrap_or(PREFIX).trim_matches('/');
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~');
        if !text.chars().all(fits) {
            return Err(format!(
                "the prefix `{}` of the HTTP endpoint may only have letters, digits and `-_.~/`",
                text.escape_debug()
            ));
        }
        Ok(if text.is_empty() {
            String::new()
        } else {
            format!("/{text}")
        })
    }

    /// Returns the address of the gRPC endpoint as it is set, or `None` if the program has no such endpoint.
    pub(crate) fn grpc_address(&self) -> Option<&str> {
        let address = self.listen.as_deref().unwrap_or(LISTEN);
        (address != "off" && cfg!(feature = "grpc")).then_some(address)
    }

    /// Returns the address of the HTTP endpoint as it is set, or `None` if there is none.
    pub(crate) fn http_address(&self) -> Option<&str> {
        self.http_listen.as_deref().filter(|address| *address != "off")
    }

    /// Resolves the addresses, loads the certificates, and checks that addresses are protected.
    ///
    /// # Errors
    ///
    /// Returns all problems.
    pub(crate) async fn resolve(&self) -> Result<ResolvedSettings, Vec<String>> {
        let mut problems = self.problems.clone();
        let tls = self.tls.load().unwrap_or_else(|texts| {
            problems.extend(texts);
            None
        });
        if let Err(text) = self.prefix() {
            problems.push(text);
        }
        let grpc = match self.grpc_address() {
            None => None,
            Some(address) => self.addresses("WORKER_LISTEN", address, &mut problems).await,
        };
        let http = match self.http_address() {
            None => None,
            Some(address) if cfg!(feature = "http") => {
                self.addresses("WORKER_HTTP_LISTEN", address, &mut problems).await
            }
            Some(_) => {
                problems.push(
                    "WORKER_HTTP_LISTEN is set, but `centrifugo` was built without its feature `http`".into(),
                );
                None
            }
        };
        let metrics = match self.metrics_listen.as_deref() {
            None | Some("off") => None,
            Some(address) => look_up("WORKER_METRICS_LISTEN", address, &mut problems).await,
        };
        if grpc.is_none() && http.is_none() && problems.is_empty() {
            problems.push(NO_ADDRESS.into());
        }
        if problems.is_empty() {
            Ok(ResolvedSettings {
                grpc,
                http,
                metrics,
                tls,
            })
        } else {
            Err(problems)
        }
    }

    async fn addresses(
        &self,
        key: &str,
        address: &str,
        problems: &mut Vec<String>,
    ) -> Option<Vec<SocketAddr>> {
        let addresses = look_up(key, address, problems).await?;
        let is_protected = !self.secrets.is_empty() || self.tls.client_ca.is_some() || self.allow_plain;
        if !is_protected && addresses.iter().any(|address| !address.ip().is_loopback()) {
            problems.push(format!(
                "{key} is `{address}`, which other machines can reach, and any caller can be any user; set a secret \
                 (WORKER_SECRET_KEY and WORKER_SECRET_VALUE, or `Server::require_metadata`) or mutual TLS \
                 (WORKER_TLS_CLIENT_CA), or set WORKER_ALLOW_PLAIN=1 if only Centrifugo can reach this address"
            ));
        }
        Some(addresses)
    }
}

/// Resolves an address, or reports a problem.
async fn look_up(key: &str, address: &str, problems: &mut Vec<String>) -> Option<Vec<SocketAddr>> {
    match lookup_host(address).await {
        Ok(addresses) => Some(addresses.collect()),
        Err(error) => {
            problems.push(format!(
                "{key} is `{}`, but must be an address such as `127.0.0.1:10001`: {error}",
                address.escape_debug()
            ));
            None
        }
    }
}
