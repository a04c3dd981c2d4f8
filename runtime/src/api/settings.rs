//! Settings of a client: its transport, address, key and limits.

use std::fmt;
use std::time::Duration;

use http::Uri;

use super::client::Client;
use super::error::Error;
use super::key::Key;
use super::transport::Transport;
use super::transport::grpc::Grpc;
use super::transport::http::Http;
use super::transport::roadrunner::RoadRunner;

/// The time limit of a call that sets none.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest answer, in bytes.
const MAX_ANSWER_LEN: usize = 64 << 20;

#[derive(Clone, Copy, Debug)]
enum Way {
    RoadRunner,
    Grpc,
    Http,
}

/// Settings of a [`Client`].
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
#[must_use]
pub struct ClientBuilder {
    way: Way,
    settings: Settings,
}

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    address: String,
    pub(crate) key: Key,
    pub(crate) timeout: Duration,
    pub(crate) max_answer_len: usize,
    pub(crate) ca_certificate: Option<Vec<u8>>,
}

/// A URL's parts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Url {
    pub(crate) tls: bool,
    /// `host:port`.
    pub(crate) authority: String,
    pub(crate) path: String,
}

impl Client {
    /// Calls through RoadRunner's RPC: `tcp://127.0.0.1:6001` or `unix:///path`, as `RR_RPC` has it.
    ///
    /// RoadRunner offers 33 of the 40 methods, and has no key for Centrifugo's gRPC API.
    pub fn roadrunner(address: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(Way::RoadRunner, address.into())
    }

    /// Calls Centrifugo's [gRPC API](https://centrifugal.dev/docs/server/server_api#grpc-api): `grpc://127.0.0.1:10000`,
    /// or `grpcs://` with TLS.
    pub fn grpc(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(Way::Grpc, url.into())
    }

    /// Calls Centrifugo's [HTTP API](https://centrifugal.dev/docs/server/server_api#http-api): `http://127.0.0.1:8000` or
    /// `https://`. A URL without a path means `/api`.
    pub fn http(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(Way::Http, url.into())
    }

    /// A client as the environment says: `WORKER_API` (`grpc://`, `grpcs://`, `http://` or `https://`) with the key in
    /// `WORKER_API_KEY`; else RoadRunner's `RR_RPC`, which RoadRunner sets for its workers.
    ///
    /// Nothing is connected before the first call.
    ///
    /// # Errors
    ///
    /// When neither is set, or what is set can't be read.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    pub(crate) fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let set = |name| var(name).filter(|value| !value.is_empty());
        let builder = match set("WORKER_API") {
            Some(url) => {
                let way = match url.split_once("://").map(|(scheme, _)| scheme) {
                    Some("grpc" | "grpcs") => Way::Grpc,
                    Some("http" | "https") => Way::Http,
                    _ => {
                        return Err(Error::invalid(
                            "WORKER_API does not begin with `grpc://`, `grpcs://`, `http://` or `https://`",
                        ));
                    }
                };
                ClientBuilder::new(way, url).key(set("WORKER_API_KEY").unwrap_or_default())
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
    fn new(way: Way, address: String) -> Self {
        Self {
            way,
            settings: Settings {
                address,
                key: Key::default(),
                timeout: TIMEOUT,
                max_answer_len: MAX_ANSWER_LEN,
                ca_certificate: None,
            },
        }
    }

    /// Sets the API key: `http_api.key` or `grpc_api.key` in Centrifugo's configuration.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.settings.key = Key::new(key);
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
        let transport: Box<dyn Transport> = match self.way {
            Way::RoadRunner => Box::new(RoadRunner::new(
                &settings.address,
                settings.timeout,
                settings.max_answer_len,
            )?),
            Way::Grpc => Box::new(Grpc::new(settings)?),
            Way::Http => Box::new(Http::new(settings)?),
        };
        Ok(Client::new(transport, settings.timeout))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password, which `build` refuses.
        f.debug_struct("ClientBuilder")
            .field("way", &self.way)
            .field("key", &self.settings.key)
            .field("timeout", &self.settings.timeout)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// The parts of the address, which has one of these schemes (and whether that one means TLS).
    pub(crate) fn url(&self, schemes: &[(&str, bool)], example: &str) -> Result<Url, Error> {
        // What is wrong is not shown: it may hold a password.
        let wrong = || Error::invalid(format!("the address of the API is not a URL such as `{example}`"));
        let uri: Uri = self.address.parse().map_err(|_| wrong())?;
        let scheme = uri.scheme_str().ok_or_else(wrong)?;
        let (_, tls) = schemes
            .iter()
            .find(|(name, _)| *name == scheme)
            .ok_or_else(wrong)?;
        let authority = uri
            .authority()
            .filter(|authority| !authority.host().is_empty())
            .ok_or_else(wrong)?;
        if authority.as_str().contains('@') {
            return Err(Error::invalid(
                "the address of the API holds a user or a password: the key has a place of its own",
            ));
        }
        if uri.query().is_some() {
            return Err(Error::invalid(
                "the address of the API has a query: the key has a place of its own",
            ));
        }
        Ok(Url {
            tls: *tls,
            authority: authority.as_str().to_owned(),
            path: uri.path().trim_end_matches('/').to_owned(),
        })
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
    fn the_environment_chooses() {
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
                &[("WORKER_API", "https://h"), ("WORKER_API_KEY", "k-e-y")],
                "HTTP API at h/api",
            ),
            (
                &[("WORKER_API", ""), ("RR_RPC", "tcp://h:1")],
                "RoadRunner at tcp://h:1",
            ),
        ] {
            let text = format!("{:?}", client(vars).unwrap());
            assert!(text.contains(shown), "{text}");
            assert!(!text.contains("k-e-y"), "{text}");
        }
    }

    #[test]
    fn what_can_not_be_read_is_refused_without_being_shown() {
        for (vars, says) in [
            (&[][..], "WORKER_API (such as"),
            (&[("WORKER_API", "h-s3cret:8000")], "does not begin with"),
            (&[("WORKER_API", "ftp://s3cret")], "does not begin with"),
            (
                &[("WORKER_API", "http://user:s3cret@h:8000")],
                "a place of its own",
            ),
            (
                &[("WORKER_API", "http://h:8000/api?api_key=s3cret")],
                "a place of its own",
            ),
            (&[("WORKER_API", "http://s3cret s3cret")], "not a URL"),
            (
                &[("WORKER_API", "grpc://h"), ("WORKER_API_KEY", "s3cret\n")],
                "header",
            ),
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
