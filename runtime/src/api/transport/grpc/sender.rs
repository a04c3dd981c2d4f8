//! Sends gRPC requests over an HTTP/2 connection.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::header::{CONTENT_TYPE, LOCATION};
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::client::conn::http2::SendRequest;
use tonic::body::Body;
use tower_service::Service;

use crate::api::error_text::clip;

pub(super) struct Sender(pub(super) SendRequest<Body>);

/// The error of a request that has no gRPC answer.
#[derive(Debug)]
pub(super) enum SendError {
    /// The peer said that it has not processed the request.
    Unprocessed(hyper::Error),
    /// The connection broke, or the peer reset the request.
    Broken(hyper::Error),
    /// The answer is not one of a gRPC server.
    NotGrpc {
        status: StatusCode,
        content_type: String,
        location: String,
    },
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unprocessed(error) | Self::Broken(error) => error.fmt(f),
            Self::NotGrpc { status, .. } => write!(f, "HTTP status {status}"),
        }
    }
}

impl Error for SendError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unprocessed(error) | Self::Broken(error) => error.source(),
            Self::NotGrpc { .. } => None,
        }
    }
}

impl From<hyper::Error> for SendError {
    fn from(error: hyper::Error) -> Self {
        if is_unprocessed(&error) {
            Self::Unprocessed(error)
        } else {
            Self::Broken(error)
        }
    }
}

/// Returns whether the peer certainly has not processed the request.
///
/// Its stream is above the last one of a GOAWAY frame (RFC 9113, section 6.8), or was refused (section 8.7).
///
/// h2 reports a GOAWAY of the peer on the streams above the last one only: the others end with their answers, or with
/// an I/O error when the connection closes before.
fn is_unprocessed(error: &hyper::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<h2::Error>() {
            let is_refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
            return error.is_remote() && (error.is_go_away() || is_refused);
        }
        cause = error.source();
    }
    false
}

impl Service<Request<Body>> for Sender {
    type Response = Response<Incoming>;
    type Error = SendError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Incoming>, SendError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), SendError>> {
        self.0.poll_ready(cx).map_err(SendError::from)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let response = self.0.send_request(request);
        Box::pin(async move { check(response.await?) })
    }
}

/// Refuses answers that are not gRPC. tonic would turn some of them into gRPC statuses.
fn check(response: Response<Incoming>) -> Result<Response<Incoming>, SendError> {
    let text = |name| {
        let value = response.headers().get(name);
        clip(&String::from_utf8_lossy(
            value.map_or(&[][..], |value| value.as_bytes()),
        ))
    };
    let content_type = text(CONTENT_TYPE);
    if response.status() == StatusCode::OK && content_type.starts_with("application/grpc") {
        return Ok(response);
    }
    Err(SendError::NotGrpc {
        status: response.status(),
        content_type,
        location: text(LOCATION),
    })
}
