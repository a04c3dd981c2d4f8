//! TLS and mutual TLS of the endpoints, from files.

use std::path::Path;
use std::sync::Arc;

pub(crate) use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::tls_files::TlsFiles;
use crate::tls::crypto_provider;

pub(crate) struct Tls {
    config: ServerConfig,
    pub(crate) mutual: bool,
}

impl TlsFiles {
    /// Loads the certificates and the key, if their files are set, or returns everything that is wrong with them.
    pub(crate) fn load(&self) -> Result<Option<Tls>, Vec<String>> {
        let (cert, key) = match (&self.cert, &self.key) {
            (Some(cert), Some(key)) => (cert, key),
            (None, None) if self.client_ca.is_none() => return Ok(None),
            _ => {
                return Err(vec![
                    "TLS needs both WORKER_TLS_CERT and WORKER_TLS_KEY (`Server::tls`); WORKER_TLS_CLIENT_CA is in addition to them".into(),
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
    /// Returns an acceptor that offers these protocols (ALPN).
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
        Err(error) => Err(format!("{name}: `{}` cannot be read: {error}", path.display())),
    }
}

fn config(
    certs: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    client_ca: Option<Vec<CertificateDer<'static>>>,
) -> Result<ServerConfig, String> {
    let provider = crypto_provider()?;
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
