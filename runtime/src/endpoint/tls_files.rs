//! The files that TLS of the endpoints is set up from.

use std::path::PathBuf;

/// Paths of PEM files.
#[derive(Clone, Debug, Default)]
pub(crate) struct TlsFiles {
    pub(crate) cert: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
    /// The authorities that sign the certificates of callers. If it is set, callers need a certificate.
    pub(crate) client_ca: Option<PathBuf>,
}
