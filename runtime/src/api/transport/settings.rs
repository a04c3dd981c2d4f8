//! The settings of a transport.

use std::time::Duration;

use http::Uri;

use crate::api::api_key::ApiKey;
use crate::api::error::Error;

/// The time limit of a call that sets none.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest answer, in bytes.
const MAX_ANSWER_LEN: usize = 64 << 20;

#[derive(Clone, Debug)]
pub(crate) struct TransportSettings {
    pub(crate) address: String,
    pub(crate) key: ApiKey,
    pub(crate) timeout: Duration,
    pub(crate) max_answer_len: usize,
    /// Certificates in PEM, which are trusted instead of the system's.
    pub(crate) ca_certificate: Option<Vec<u8>>,
}

/// The parts of a URL.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Url {
    pub(super) tls: bool,
    /// The host and the port, `host:port`.
    pub(super) authority: String,
    /// The path without a slash at its end.
    pub(super) path: String,
}

impl TransportSettings {
    pub(crate) fn new(address: String) -> Self {
        Self {
            address,
            key: ApiKey::default(),
            timeout: TIMEOUT,
            max_answer_len: MAX_ANSWER_LEN,
            ca_certificate: None,
        }
    }

    /// Splits the address. `schemes` are the schemes that it may have, and whether each means TLS.
    pub(super) fn url(&self, schemes: &[(&str, bool)], example: &str) -> Result<Url, Error> {
        // The error does not show the address, which may contain a password.
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
                "the address of the API contains a user or a password: set the key with `ClientBuilder::key` or WORKER_API_KEY",
            ));
        }
        if uri.query().is_some() {
            return Err(Error::invalid(
                "the address of the API has a query: set the key with `ClientBuilder::key` or WORKER_API_KEY",
            ));
        }
        // `Uri` drops it.
        if self.address.contains('#') {
            return Err(Error::invalid("the address of the API has a fragment"));
        }
        Ok(Url {
            tls: *tls,
            authority: authority.as_str().to_owned(),
            path: uri.path().trim_end_matches('/').to_owned(),
        })
    }
}
