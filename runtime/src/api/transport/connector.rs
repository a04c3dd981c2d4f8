//! How the gRPC API and the HTTP API are connected to, and whom they trust.

use std::sync::Arc;
use std::time::Duration;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::api::error::{Error, chain};
use crate::api::settings::Settings;

/// How long a connection may be silent before it is asked whether it still lives.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// How long what was sent may go unacknowledged.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED: Duration = Duration::from_secs(15);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Http1,
    Http2,
}

pub(super) fn connector(
    settings: &Settings,
    version: Version,
    secure: bool,
) -> Result<HttpsConnector<HttpConnector>, Error> {
    let mut tcp = HttpConnector::new();
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(KEEPALIVE));
    // A peer that is gone without a word: the system would send again for a quarter of an hour.
    #[cfg(target_os = "linux")]
    tcp.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
    tcp.set_connect_timeout(Some(settings.timeout));
    tcp.enforce_http(false);
    let builder = HttpsConnectorBuilder::new()
        .with_tls_config(tls(settings, secure)?)
        .https_or_http();
    Ok(match version {
        Version::Http1 => builder.enable_http1().wrap_connector(tcp),
        Version::Http2 => builder.enable_http2().wrap_connector(tcp),
    })
}

/// Whom to trust; nobody is asked where the connection is not to be secure.
fn tls(settings: &Settings, secure: bool) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    match &settings.ca_certificate {
        _ if !secure => {}
        Some(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|error| {
                    Error::invalid(format!("the certificates can't be read: {}", chain(&error)))
                })?;
                roots.add(certificate).map_err(|error| {
                    Error::invalid(format!("a certificate can't be used: {}", chain(&error)))
                })?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if secure && roots.is_empty() {
        return Err(Error::invalid(
            "there is no certificate to trust: install the system's, or call `ca_certificate`",
        ));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::invalid(chain(&error)))?
        .with_root_certificates(roots)
        .with_no_client_auth())
}
