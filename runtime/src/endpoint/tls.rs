//! TLS and mutual TLS of the endpoints, from files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// Paths of PEM files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    pub(crate) cert: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
    /// Who signs the certificates of callers; with it, callers need one.
    pub(crate) client_ca: Option<PathBuf>,
}

pub(crate) struct Tls {
    config: ServerConfig,
    pub(crate) mutual: bool,
}

impl Files {
    /// The certificates and the key, if any are named; or all that is wrong with them.
    pub(crate) fn load(&self) -> Result<Option<Tls>, Vec<String>> {
        let (cert, key) = match (&self.cert, &self.key) {
            (Some(cert), Some(key)) => (cert, key),
            (None, None) if self.client_ca.is_none() => return Ok(None),
            _ => {
                return Err(vec![
                    "TLS needs both WORKER_TLS_CERT and WORKER_TLS_KEY (`Server::tls`); WORKER_TLS_CLIENT_CA comes on top".into(),
                ]);
            }
        };
        let mut wrong = Vec::new();
        let certs = certificates("WORKER_TLS_CERT", cert).map_err(|text| wrong.push(text));
        let key = PrivateKeyDer::from_pem_file(key).map_err(|error| {
            wrong.push(format!(
                "WORKER_TLS_KEY: `{}` has no private key that can be read: {error}",
                key.display()
            ));
        });
        let client_ca = self
            .client_ca
            .as_deref()
            .map(|path| certificates("WORKER_TLS_CLIENT_CA", path).map_err(|text| wrong.push(text)));
        match (certs, key, client_ca.transpose()) {
            (Ok(certs), Ok(key), Ok(client_ca)) => config(certs, key, client_ca)
                .map(|config| {
                    Some(Tls {
                        config,
                        mutual: self.client_ca.is_some(),
                    })
                })
                .map_err(|text| vec![text]),
            _ => Err(wrong),
        }
    }
}

impl Tls {
    /// For connections that speak one of `protocols`.
    pub(crate) fn acceptor(&self, protocols: &[&str]) -> TlsAcceptor {
        let mut config = self.config.clone();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }
}

fn certificates(name: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let certs: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(path).and_then(|certs| certs.collect::<Result<_, _>>());
    match certs {
        Ok(certs) if certs.is_empty() => Err(format!("{name}: `{}` has no certificate", path.display())),
        Ok(certs) => Ok(certs),
        Err(error) => Err(format!("{name}: `{}` can't be read: {error}", path.display())),
    }
}

fn config(
    certs: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    client_ca: Option<Vec<CertificateDer<'static>>>,
) -> Result<ServerConfig, String> {
    // Named here, since a program may link several and choose none.
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS: {error}"))?;
    let builder = match client_ca {
        None => builder.with_no_client_auth(),
        Some(certs) => {
            let mut roots = RootCertStore::empty();
            for cert in certs {
                roots
                    .add(cert)
                    .map_err(|error| format!("WORKER_TLS_CLIENT_CA: {error}"))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .build()
                .map_err(|error| format!("WORKER_TLS_CLIENT_CA: {error}"))?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    builder
        .with_single_cert(certs, key)
        .map_err(|error| format!("WORKER_TLS_CERT and WORKER_TLS_KEY: {error}"))
}
