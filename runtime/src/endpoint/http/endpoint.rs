//! Answers one request: checks its headers, reads the event, dispatches it and returns the response.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::header::ALLOW;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use tokio::time::timeout;

use super::json;
use super::refusal::{is_json, refuse};
use super::response::{response_to, text};
use crate::endpoint::executor::Executor;
use crate::endpoint::{MAX_HEADERS, Peer, Secrets};
use crate::error::{BoxError, describe};
use crate::event::{Event, Kind, Metadata};
use crate::metrics::{Refusal, event_refused};

/// The time limit for a body to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Answers requests whose path is already matched.
pub(crate) struct Endpoint {
    executor: Arc<Executor>,
    secrets: Secrets,
    max_message_len: usize,
}

impl Endpoint {
    pub(crate) fn new(executor: Arc<Executor>, secrets: Secrets, max_message_len: usize) -> Self {
        Self {
            executor,
            secrets,
            max_message_len,
        }
    }

    /// Answers a request to the path of `kind`. There is no `peer` if the program's own server has accepted the connection.
    pub(super) async fn answer<B>(
        &self,
        kind: Kind,
        request: Request<B>,
        peer: Option<&Peer>,
    ) -> Response<Full<Bytes>>
    where
        B: Body + Unpin,
        B::Error: Into<BoxError>,
    {
        let (mut parts, mut body) = request.into_parts();
        if parts.method != Method::POST {
            let reason = "the method is not POST";
            let mut response = refuse(parts.version, body, StatusCode::METHOD_NOT_ALLOWED, reason).await;
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("POST"));
            return response;
        }
        let refusal = self.refusal(&mut parts);
        if let Some(peer) = peer {
            match refusal {
                Some(_) => peer.refuse(),
                None => peer.admit(),
            }
        }
        if let Some((status, reason)) = refusal {
            return refuse(parts.version, body, status, reason).await;
        }
        let metadata = Metadata::from_headers(parts.headers);
        let message = match self.collect(&mut body).await {
            Ok(message) => message,
            Err((status, reason)) => {
                self.executor.unreadable(reason.clone(), kind, metadata);
                return refuse(parts.version, body, status, reason).await;
            }
        };
        let request = match json::request(kind, &message) {
            Ok(request) => request,
            Err(error) => {
                let reason = format!("the body is not a request of kind `{kind}`: {}", describe(&error));
                self.executor.unreadable(reason.clone(), kind, metadata);
                return text(StatusCode::BAD_REQUEST, reason);
            }
        };
        let event = Event::with_request(kind, metadata, request).with_transport("http");
        response_to(kind, self.executor.answer(event).await)
    }

    /// Returns why the headers of a request are refused, if they are. Removes the secret from them.
    fn refusal(&self, parts: &mut Parts) -> Option<(StatusCode, String)> {
        let count = parts.headers.len();
        if count > MAX_HEADERS {
            event_refused(Refusal::Headers);
            let reason = format!("the request has {count} headers; the limit is {MAX_HEADERS}");
            return Some((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, reason));
        }
        if !self.secrets.admit_parts(parts) {
            return Some((StatusCode::UNAUTHORIZED, "the secret is missing or wrong".into()));
        }
        (!is_json(&parts.headers)).then(|| {
            let reason = "the content type is not `application/json`";
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, reason.into())
        })
    }

    /// Reads a body, or returns why it is refused.
    async fn collect<B>(&self, body: &mut B) -> Result<Bytes, (StatusCode, String)>
    where
        B: Body + Unpin,
        B::Error: Into<BoxError>,
    {
        let max = self.max_message_len;
        let mut collected = pin!(Limited::new(body, max).collect());
        // Most bodies arrive together with their headers and need no timer.
        let collected = match poll_fn(|cx| Poll::Ready(collected.as_mut().poll(cx))).await {
            Poll::Ready(collected) => Ok(collected),
            Poll::Pending => timeout(BODY_TIMEOUT, collected).await,
        };
        match collected {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err((
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("the body is longer than {max} bytes"),
            )),
            Ok(Err(error)) => Err((
                StatusCode::BAD_REQUEST,
                format!("the body did not arrive: {error}"),
            )),
            Err(_) => Err((
                StatusCode::REQUEST_TIMEOUT,
                "the body took too long to arrive".into(),
            )),
        }
    }
}
