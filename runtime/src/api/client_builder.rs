//! Builds a client from its transport, address, key and limits.

use std::fmt;
use std::time::Duration;

use super::api_key::ApiKey;
use super::client::Client;
use super::error::Error;
use super::transport::{GrpcTransport, HttpTransport, RoadRunnerTransport, Transport, TransportSettings};

#[derive(Clone, Copy, Debug)]
enum TransportKind {
    RoadRunner,
    GrpcTransport,
    HttpTransport,
}

/// A builder of a [`Client`], made by [`Client::roadrunner`], [`Client::grpc`] or [`Client::http`].
///
/// ```
/// # fn main() -> Result<(), centrifugo::api::Error> {
/// use std::time::Duration;
/// use centrifugo::api::Client;
///
/// let client = Client::grpc("grpc://127.0.0.1:10000").key("secret").timeout(Duration::from_secs(2)).build()?;
/// assert!(!format!("{client:?}").contains("secret"));
/// # Ok(())
/// # }
/// ```
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder {
    kind: TransportKind,
    settings: TransportSettings,
}

impl Client {
    /// Builds a client that calls through RoadRunner's RPC: `tcp://127.0.0.1:6001` or `unix:///path`, as in `RR_RPC`.
    ///
    /// An empty host (`tcp://:6001`) means this machine. RoadRunner offers 33 of the 40 methods, and cannot send a key to
    /// Centrifugo's gRPC API.
    pub fn roadrunner(address: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(TransportKind::RoadRunner, address.into())
    }

    /// Builds a client that calls Centrifugo's [gRPC API](https://centrifugal.dev/docs/server/server_api#grpc-api).
    ///
    /// The URL is `grpc://127.0.0.1:10000`, or `grpcs://` with TLS (features `tls-ring` and `tls-aws-lc-rs`).
    pub fn grpc(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(TransportKind::GrpcTransport, url.into())
    }

    /// Builds a client that calls Centrifugo's [HTTP API](https://centrifugal.dev/docs/server/server_api#http-api).
    ///
    /// The URL is `http://127.0.0.1:8000`, or `https://` with TLS (features `tls-ring` and `tls-aws-lc-rs`). The path `/api` is
    /// added to a URL without a path.
    pub fn http(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(TransportKind::HttpTransport, url.into())
    }

    /// Builds a client from the environment: `WORKER_API` (`grpc://`, `grpcs://`, `http://` or `https://`) with the key in
    /// `WORKER_API_KEY`, otherwise `RR_RPC`, which RoadRunner sets for its workers.
    ///
    /// The client connects at the first call.
    ///
    /// # Errors
    ///
    /// If neither variable is set, or a value is invalid.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    pub(crate) fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let set = |name| {
            let value = var(name)?.trim().to_owned();
            (!value.is_empty()).then_some(value)
        };
        let builder = match set("WORKER_API") {
            Some(url) => {
                let kind = match url.split_once("://").map(|(scheme, _)| scheme) {
                    Some("grpc" | "grpcs") => TransportKind::GrpcTransport,
                    Some("http" | "https") => TransportKind::HttpTransport,
                    _ => {
                        return Err(Error::invalid(
                            "WORKER_API does not begin with `grpc://`, `grpcs://`, `http://` or `https://`",
                        ));
                    }
                };
                ClientBuilder::new(kind, url).key(set("WORKER_API_KEY").unwrap_or_default())
            }
            None => match set("RR_RPC") {
                Some(address) => Self::roadrunner(address),
                None => {
                    return Err(Error::invalid(
                        "neither WORKER_API (such as `grpc://127.0.0.1:10000`) nor RR_RPC is set",
                    ));
                }
            },
        };
        builder.build()
    }
}

impl ClientBuilder {
    fn new(kind: TransportKind, address: String) -> Self {
        Self {
            kind,
            settings: TransportSettings::new(address),
        }
    }

    /// Sets the API key: `http_api.key` or `grpc_api.key` in Centrifugo's configuration.
    ///
    /// White space around it is removed.
    pub fn key(mut self, key: impl AsRef<str>) -> Self {
        self.settings.key = ApiKey::new(key.as_ref());
        self
    }

    /// Sets the time limit of a call, all its attempts together. The default is 5 s.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.settings.timeout = limit;
        self
    }

    /// Sets the length of the longest accepted answer, in bytes. The default is 64 MiB.
    pub fn max_answer_len(mut self, bytes: usize) -> Self {
        self.settings.max_answer_len = bytes;
        self
    }

    /// Trusts these certificates (PEM) for TLS instead of the system's.
    pub fn ca_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.settings.ca_certificate = Some(pem.into());
        self
    }

    /// Builds the client. It connects at the first call.
    ///
    /// # Errors
    ///
    /// If the address, the key or the certificates are invalid.
    pub fn build(self) -> Result<Client, Error> {
        let settings = &self.settings;
        let transport: Box<dyn Transport> = match self.kind {
            TransportKind::RoadRunner => Box::new(RoadRunnerTransport::new(settings)?),
            TransportKind::GrpcTransport => Box::new(GrpcTransport::new(settings)?),
            TransportKind::HttpTransport => Box::new(HttpTransport::new(settings)?),
        };
        Ok(Client::new(transport, settings.timeout))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may contain a password, which `build` refuses.
        f.debug_struct("ClientBuilder")
            .field("transport", &self.kind)
            .field("key", &self.settings.key)
            .field("timeout", &self.settings.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ErrorKind;

    fn client(vars: &[(&str, &str)]) -> Result<Client, Error> {
        Client::from_vars(|name| {
            vars.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn reads_the_environment() {
        for (vars, shown) in [
            (
                &[("RR_RPC", "tcp://127.0.0.1:6001")][..],
                "RoadRunner at tcp://127.0.0.1:6001",
            ),
            (
                &[("RR_RPC", "unix:///run/rr.sock")],
                "RoadRunner at unix:///run/rr.sock",
            ),
            (
                &[
                    ("RR_RPC", "tcp://127.0.0.1:6001"),
                    ("WORKER_API", "grpc://h:10000"),
                    ("WORKER_API_KEY", "k-e-y"),
                ],
                "gRPC API at h:10000",
            ),
            (
                &[("WORKER_API", "http://h:8000/x/api/")],
                "HTTP API at h:8000/x/api",
            ),
            (
                &[("WORKER_API", "http://h"), ("WORKER_API_KEY", "k-e-y")],
                "HTTP API at h/api",
            ),
            (
                &[("WORKER_API", " "), ("RR_RPC", "tcp://:6001\n")],
                "RoadRunner at tcp://localhost:6001",
            ),
            (
                &[("WORKER_API", " http://h\n"), ("WORKER_API_KEY", " k-e-y\n")],
                "HTTP API at h/api",
            ),
        ] {
            let text = format!("{:?}", client(vars).unwrap());
            assert!(text.contains(shown), "{text}");
            assert!(!text.contains("k-e-y"), "{text}");
        }
    }

    #[test]
    fn refuses_invalid_settings_without_showing_them() {
        for (vars, says) in [
            (&[][..], "WORKER_API (such as"),
            (&[("WORKER_API", "h-s3cret:8000")], "does not begin with"),
            (&[("WORKER_API", "ftp://s3cret")], "does not begin with"),
            (&[("WORKER_API", "http://user:s3cret@h:8000")], "set the key with"),
            (
                &[("WORKER_API", "http://h:8000/api?api_key=s3cret")],
                "set the key with",
            ),
            (&[("WORKER_API", "http://s3cret s3cret")], "not a URL"),
            (
                &[("WORKER_API", "grpc://h"), ("WORKER_API_KEY", "s3cret\ns3cret")],
                "header",
            ),
            (&[("WORKER_API", "http://h:8000/api#s3cret")], "a fragment"),
            (&[("WORKER_API", "grpc://h:10000/s3cret")], "has a path"),
            (&[("RR_RPC", "s3cret")], "tcp://"),
            (&[("RR_RPC", "tcp://s3cret")], "tcp://"),
        ] {
            let error = client(vars).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid);
            assert!(error.to_string().contains(says), "{error}");
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }
}
