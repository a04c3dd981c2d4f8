//! Logs peers whose calls and connections are refused. Anyone who can reach the port can cause these lines, so they are
//! counted.

use std::fmt::Display;
use std::net::SocketAddr;

#[cfg(feature = "grpc")]
use http::Request;
use http::Uri;
#[cfg(feature = "http")]
use http::request::Parts;

use super::peer::Peer;
use super::secrets::{Mismatch, Secrets};
use crate::logging::{RefusalLog, clip};
use crate::metrics::{Refusal, event_refused};

static WRONG_SECRET: RefusalLog = RefusalLog::new("calls refused: wrong secret");
static MISSING_SECRET: RefusalLog = RefusalLog::new("calls refused: missing secret");
static TLS_FAILED: RefusalLog = RefusalLog::new("connections refused: TLS handshake failed");
static TLS_TIMED_OUT: RefusalLog = RefusalLog::new("connections refused: TLS handshake timed out");
static TOO_MANY_CONNECTIONS: RefusalLog = RefusalLog::new("connections refused: too many open");
static CLOSED_FOR_OTHERS: RefusalLog =
    RefusalLog::new("connections closed: too many without an admitted call");
static ACCEPT_FAILED: RefusalLog = RefusalLog::new("connections not accepted");

impl Secrets {
    /// Checks that a request has all secrets, and removes them from its headers. Logs the refusal otherwise.
    #[cfg(feature = "grpc")]
    pub(crate) fn admit_request<B>(&self, request: &mut Request<B>, peer: Option<&Peer>) -> bool {
        let admitted = self.admit(request.headers_mut());
        admitted
            .map_err(|refused| log_refused_call(refused, peer, request.uri()))
            .is_ok()
    }

    /// Checks the head of a request like [`Self::admit_request`].
    #[cfg(feature = "http")]
    pub(crate) fn admit_parts(&self, parts: &mut Parts, peer: Option<&Peer>) -> bool {
        let admitted = self.admit(&mut parts.headers);
        admitted
            .map_err(|refused| log_refused_call(refused, peer, &parts.uri))
            .is_ok()
    }
}

fn log_refused_call((mismatch, key): (Mismatch, &str), peer: Option<&Peer>, uri: &Uri) {
    event_refused(Refusal::Secret);
    let peer = peer.and_then(Peer::address);
    let peer_field = peer.map(tracing::field::display);
    let path = clip(uri.path());
    match mismatch {
        Mismatch::Missing => MISSING_SECRET.record(peer, || {
            tracing::warn!(target: "centrifugo", peer = peer_field, ?path, key, "call refused: missing secret");
        }),
        Mismatch::Wrong => WRONG_SECRET.record(peer, || {
            tracing::warn!(target: "centrifugo", peer = peer_field, ?path, key, "call refused: wrong secret");
        }),
    }
}

pub(crate) fn tls_failed(peer: SocketAddr, error: &impl Display) {
    TLS_FAILED.record(Some(peer), || {
        let error = error.to_string();
        tracing::warn!(target: "centrifugo", %peer, error = ?clip(&error), "connection refused: TLS handshake failed");
    });
}

pub(crate) fn tls_timed_out(peer: SocketAddr) {
    TLS_TIMED_OUT.record(Some(peer), || {
        tracing::warn!(target: "centrifugo", %peer, "connection refused: TLS handshake timed out");
    });
}

pub(crate) fn too_many_connections(peer: SocketAddr, max: usize) {
    event_refused(Refusal::Connections);
    TOO_MANY_CONNECTIONS.record(Some(peer), || {
        tracing::warn!(
            target: "centrifugo", %peer, limit = max, "connection refused: too many open (WORKER_MAX_CONNECTIONS)"
        );
    });
}

/// Records that a connection was closed to make room for another.
pub(crate) fn closed_for_others(peer: SocketAddr) {
    event_refused(Refusal::Connections);
    CLOSED_FOR_OTHERS.record(Some(peer), || {
        tracing::warn!(
            target: "centrifugo", %peer, "connection closed: too many without an admitted call"
        );
    });
}

pub(crate) fn accept_failed(error: &std::io::Error) {
    ACCEPT_FAILED.record(None, || {
        tracing::warn!(target: "centrifugo", %error, "connection not accepted");
    });
}
