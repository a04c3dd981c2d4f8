//! Takes the place of TLS in a build without it.

use std::convert::Infallible;

use tokio::net::TcpStream;

use super::tls_files::TlsFiles;
use crate::tls::NOT_BUILT;

/// Never exists.
pub(crate) struct Tls {
    pub(crate) mutual: bool,
    never: Infallible,
}

/// Never exists.
#[derive(Clone)]
pub(crate) enum TlsAcceptor {}

impl TlsFiles {
    /// Returns nothing, or an error if a file is set.
    pub(crate) fn load(&self) -> Result<Option<Tls>, Vec<String>> {
        if self.cert.is_none() && self.key.is_none() && self.client_ca.is_none() {
            return Ok(None);
        }
        Err(vec![format!(
            "WORKER_TLS_CERT, WORKER_TLS_KEY or WORKER_TLS_CLIENT_CA (`Server::tls`) is set, but {NOT_BUILT}"
        )])
    }
}

impl Tls {
    pub(crate) fn acceptor(&self, _: &[&str]) -> TlsAcceptor {
        match self.never {}
    }
}

impl TlsAcceptor {
    pub(crate) async fn accept(&self, _: TcpStream) -> std::io::Result<TcpStream> {
        match *self {}
    }
}
