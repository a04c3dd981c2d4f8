//! Answers one request: checks its headers, reads the event, dispatches it and returns the response.

use std::future::{Future as _, poll_fn};
use std::mem::take;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use http::header::ALLOW;
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt as _, Full};
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
    ///
    /// The parts of the request are borrowed, since each future that owns them is larger by them. Memory for small futures is
    /// allocated faster.
    pub(super) async fn answer<B>(
        &self,
        kind: Kind,
        parts: &mut Parts,
        body: &mut B,
        peer: Option<&Peer>,
    ) -> Response<Full<Bytes>>
    where
        B: Body + Unpin,
        B::Error: Into<BoxError>,
    {
        if parts.method != Method::POST {
            if let Some(peer) = peer {
                peer.refuse();
            }
            let reason = "the method is not POST";
            let refused = refuse(parts.version, body, StatusCode::METHOD_NOT_ALLOWED, reason);
            let mut response = Box::pin(refused).await;
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("POST"));
            return response;
        }
        let refusal = self.refusal(parts, peer);
        if let Some(peer) = peer {
            match refusal {
                Some(_) => peer.refuse(),
                None => peer.admit(),
            }
        }
        if let Some((status, reason)) = refusal {
            return Box::pin(refuse(parts.version, body, status, reason)).await;
        }
        let message = match self.read_body(body).await {
            Ok(message) => message,
            Err((status, reason)) => {
                let metadata = Metadata::from_headers(take(&mut parts.headers));
                self.executor.unreadable(reason.clone(), kind, metadata);
                return Box::pin(refuse(parts.version, body, status, reason)).await;
            }
        };
        let metadata = Metadata::from_headers(take(&mut parts.headers));
        let request = match json::request(kind, &message) {
            Ok(request) => request,
            Err(error) => {
                let reason = format!("the body is not a request of kind `{kind}`: {}", describe(&error));
                self.executor.unreadable(reason.clone(), kind, metadata);
                return text(StatusCode::BAD_REQUEST, reason);
            }
        };
        let event = Event::with_request(kind, metadata, request)
            .with_transport("http")
            .with_received(Instant::now());
        response_to(kind, self.executor.answer(event).await)
    }

    /// Returns why the headers of a request are refused, if they are. Removes the secret from them.
    fn refusal(&self, parts: &mut Parts, peer: Option<&Peer>) -> Option<(StatusCode, String)> {
        let count = parts.headers.len();
        if count > MAX_HEADERS {
            event_refused(Refusal::Headers);
            let reason = format!("the request has {count} headers; the limit is {MAX_HEADERS}");
            return Some((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, reason));
        }
        if !self.secrets.admit_parts(parts, peer) {
            return Some((StatusCode::UNAUTHORIZED, "the secret is missing or wrong".into()));
        }
        (!is_json(&parts.headers)).then(|| {
            let reason = "the content type is not `application/json`";
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, reason.into())
        })
    }

    /// Reads a body, or returns why it is refused.
    async fn read_body<B>(&self, body: &mut B) -> Result<Bytes, (StatusCode, String)>
    where
        B: Body + Unpin,
        B::Error: Into<BoxError>,
    {
        let mut collected = pin!(collect(body, self.max_message_len));
        // Most bodies arrive together with their headers and need no timer.
        match poll_fn(|cx| Poll::Ready(collected.as_mut().poll(cx))).await {
            Poll::Ready(collected) => collected,
            Poll::Pending => Box::pin(timeout(BODY_TIMEOUT, collected))
                .await
                .unwrap_or_else(|_| {
                    Err((
                        StatusCode::REQUEST_TIMEOUT,
                        "the body took too long to arrive".into(),
                    ))
                }),
        }
    }
}

/// Reads a body without a copy if it is one piece, as most are.
async fn collect<B>(body: &mut B, max: usize) -> Result<Bytes, (StatusCode, String)>
where
    B: Body + Unpin,
    B::Error: Into<BoxError>,
{
    let (mut first, mut joined) = (Bytes::new(), BytesMut::new());
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            let reason = format!("the body did not arrive: {}", error.into());
            (StatusCode::BAD_REQUEST, reason)
        })?;
        let Ok(mut data) = frame.into_data() else {
            continue;
        };
        if data.remaining() > max.saturating_sub(first.len() + joined.len()) {
            let reason = format!("the body is longer than {max} bytes");
            return Err((StatusCode::PAYLOAD_TOO_LARGE, reason));
        }
        if first.is_empty() && joined.is_empty() {
            first = data.copy_to_bytes(data.remaining());
            if body.is_end_stream() {
                break;
            }
        } else {
            joined.extend_from_slice(&take(&mut first));
            joined.put(data);
        }
    }
    Ok(if joined.is_empty() { first } else { joined.freeze() })
}
