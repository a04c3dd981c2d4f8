//! TLS of connections to the gRPC API and the HTTP API.

use std::io::{IoSlice, Result as IoResult};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::api::error::Error;
use crate::api::error_text::chain;
use crate::error::BoxError;
use crate::tls::crypto_provider;

#[derive(Clone)]
pub(super) struct ClientTls(TlsConnector);

impl ClientTls {
    /// Trusts these certificates (PEM), otherwise the system's, and offers these protocols (ALPN).
    pub(super) fn new(ca_certificate: Option<&[u8]>, protocols: &[&str]) -> Result<Self, Error> {
        let provider = crypto_provider().map_err(Error::invalid)?;
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::invalid(chain(&error)))?
            .with_root_certificates(trusted(ca_certificate)?)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    pub(super) async fn handshake(&self, host: &str, stream: TcpStream) -> Result<MaybeTlsStream, BoxError> {
        // A URL has an IPv6 address in brackets, a certificate does not.
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(host.to_owned())?;
        let stream = self.0.connect(name, stream).await?;
        Ok(MaybeTlsStream::Tls(Box::new(TokioIo::new(stream))))
    }
}

fn trusted(ca_certificate: Option<&[u8]>) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    match ca_certificate {
        Some(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|error| {
                    Error::invalid(format!("the certificates cannot be read: {}", chain(&error)))
                })?;
                roots.add(certificate).map_err(|error| {
                    Error::invalid(format!("a certificate cannot be used: {}", chain(&error)))
                })?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        return Err(Error::invalid(
            "there is no certificate to trust: install the system's certificates, or call `ca_certificate`",
        ));
    }
    Ok(roots)
}

/// A connection with or without TLS.
pub(super) enum MaybeTlsStream {
    Plain(TokioIo<TcpStream>),
    Tls(Box<TokioIo<TlsStream<TcpStream>>>),
}

macro_rules! either {
    ($self:ident, $stream:ident => $call:expr) => {
        match $self.get_mut() {
            MaybeTlsStream::Plain(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
            MaybeTlsStream::Tls(stream) => {
                let $stream = Pin::new(&mut **stream);
                $call
            }
        }
    };
}

impl Read for MaybeTlsStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<IoResult<()>> {
        either!(self, stream => stream.poll_read(cx, buf))
    }
}

impl Write for MaybeTlsStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<IoResult<usize>> {
        either!(self, stream => stream.poll_write(cx, buf))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<IoResult<()>> {
        either!(self, stream => stream.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<IoResult<()>> {
        either!(self, stream => stream.poll_shutdown(cx))
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<IoResult<usize>> {
        either!(self, stream => stream.poll_write_vectored(cx, bufs))
    }
}
