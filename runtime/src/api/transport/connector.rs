//! Opens connections to the gRPC API and the HTTP API.

use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use tower_service::Service as _;

#[cfg(feature = "tls")]
use super::client_tls::ClientTls;
use super::settings::TransportSettings;
use crate::api::error::Error;
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

#[cfg(feature = "tls")]
impl HttpVersion {
    /// The protocols that the client offers in a TLS handshake. HTTP/1 needs none.
    fn protocols(self) -> &'static [&'static str] {
        match self {
            Self::Http1 => &[],
            Self::Http2 => &["h2"],
        }
    }
}

#[cfg(feature = "tls")]
pub(super) type ConnectorStream = super::client_tls::MaybeTlsStream;
#[cfg(not(feature = "tls"))]
pub(super) type ConnectorStream = hyper_util::rt::TokioIo<tokio::net::TcpStream>;

#[derive(Clone)]
pub(super) struct Connector {
    tcp: HttpConnector,
    #[cfg(feature = "tls")]
    tls: Option<ClientTls>,
}

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
        #[cfg(not(feature = "tls"))]
        {
            let _ = version;
            if is_secure || settings.ca_certificate.is_some() {
                return Err(Error::invalid(crate::tls::NOT_BUILT));
            }
        }
        Ok(Self {
            tcp,
            #[cfg(feature = "tls")]
            tls: is_secure
                .then(|| ClientTls::new(settings.ca_certificate.as_deref(), version.protocols()))
                .transpose()?,
        })
    }

    pub(super) async fn connect(&self, uri: Uri) -> Result<ConnectorStream, BoxError> {
        #[cfg(feature = "tls")]
        let host = uri.host().unwrap_or_default().to_owned();
        let stream = self.tcp.clone().call(uri).await?;
        #[cfg(feature = "tls")]
        let stream = match &self.tls {
            Some(tls) => tls.handshake(&host, stream.into_inner()).await?,
            None => ConnectorStream::Plain(stream),
        };
        Ok(stream)
    }
}
