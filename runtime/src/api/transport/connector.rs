//! Opens connections to the gRPC API and the HTTP API.

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tower_service::Service as _;

use super::settings::TransportSettings;
use crate::api::error::{Error, chain};
use crate::error::BoxError;

/// How long a connection may be silent before TCP asks the peer whether it still lives.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// How long sent bytes may stay unacknowledged.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED: Duration = Duration::from_secs(15);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HttpVersion {
    Http1,
    Http2,
}

pub(super) type ConnectorStream = MaybeHttpsStream<TokioIo<TcpStream>>;

#[derive(Clone)]
pub(super) struct Connector(HttpsConnector<HttpConnector>);

impl Connector {
    pub(super) fn new(
        settings: &TransportSettings,
        version: HttpVersion,
        is_secure: bool,
    ) -> Result<Self, Error> {
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(KEEPALIVE));
        // Without this limit the system retransmits to a vanished peer for a quarter of an hour.
        #[cfg(target_os = "linux")]
        tcp.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
        tcp.set_connect_timeout(Some(settings.timeout));
        tcp.enforce_http(false);
        let builder = HttpsConnectorBuilder::new()
            .with_tls_config(tls(settings, is_secure)?)
            .https_or_http();
        Ok(Self(match version {
            HttpVersion::Http1 => builder.enable_http1().wrap_connector(tcp),
            HttpVersion::Http2 => builder.enable_http2().wrap_connector(tcp),
        }))
    }

    pub(super) async fn connect(&self, uri: Uri) -> Result<ConnectorStream, BoxError> {
        self.0.clone().call(uri).await
    }
}

/// Loads the trusted certificates, if the connection is to be secure.
fn tls(settings: &TransportSettings, is_secure: bool) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    match &settings.ca_certificate {
        _ if !is_secure => {}
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
    if is_secure && roots.is_empty() {
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
