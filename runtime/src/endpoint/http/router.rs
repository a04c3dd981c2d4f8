//! One request: who asks, which event, and its answer as HTTP has it.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::post;
use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::timeout;

use super::json;
use super::refusal::{is_json, refuse};
use crate::endpoint::executor::Executor;
use crate::endpoint::{MAX_HEADERS, Peer, Secrets};
use crate::error::describe;
use crate::event::{Event, Kind, Metadata};
use crate::handler::Outcome;

/// How long a body may take to arrive.
const BODY_LIMIT: Duration = Duration::from_secs(10);

struct Endpoint {
    executor: Arc<Executor>,
    secrets: Secrets,
    max_message_len: usize,
}

/// A path under `prefix` for each kind.
pub(crate) fn router(
    executor: Arc<Executor>,
    secrets: Secrets,
    max_message_len: usize,
    prefix: &str,
) -> Router {
    let endpoint = Arc::new(Endpoint {
        executor,
        secrets,
        max_message_len,
    });
    Kind::ALL.into_iter().fold(Router::new(), |router, kind| {
        let Some(path) = kind.path() else {
            return router;
        };
        let endpoint = endpoint.clone();
        router.route(
            &format!("{prefix}/{path}"),
            post(move |request: Request| async move { endpoint.answer(kind, request).await })
                .fallback(other_method),
        )
    })
}

async fn other_method(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let reason = "the method is not POST";
    let mut response = refuse(parts.version, body, StatusCode::METHOD_NOT_ALLOWED, reason).await;
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("POST"));
    response
}

impl Endpoint {
    /// Why a request is refused by its headers alone. The secret is taken out of them.
    fn refusal(&self, parts: &mut Parts) -> Option<(StatusCode, String)> {
        let count = parts.headers.len();
        if count > MAX_HEADERS {
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

    async fn answer(&self, kind: Kind, request: Request) -> Response {
        let (mut parts, mut body) = request.into_parts();
        let refusal = self.refusal(&mut parts);
        // There is none on a server of the user's own.
        if let Some(peer) = parts.extensions.get::<Arc<Peer>>() {
            match refusal {
                Some(_) => peer.refuse(),
                None => peer.admit(),
            }
        }
        if let Some((status, reason)) = refusal {
            return refuse(parts.version, body, status, reason).await;
        }
        let metadata = Metadata::from_headers(parts.headers);
        let message = match self.body(&mut body).await {
            Ok(message) => message,
            Err((status, reason)) => {
                self.executor.unreadable(reason.clone(), kind, metadata);
                return refuse(parts.version, body, status, reason).await;
            }
        };
        let request = match json::request(kind, &message) {
            Ok(request) => request,
            Err(error) => {
                let reason = format!("the body is no message of kind `{kind}`: {}", describe(&error));
                self.executor.unreadable(reason.clone(), kind, metadata);
                return text(StatusCode::BAD_REQUEST, reason);
            }
        };
        let event = Event::with_request(kind, metadata, request);
        let outcome = self.executor.answer(event).await;
        let unreadable = matches!(outcome, Outcome::Unreadable(_));
        let convert = |body| {
            json::response(kind, body).map_err(|error| {
                tracing::error!(target: "centrifugo", %kind, error, "the response can't be written as JSON");
                "internal server error".to_owned()
            })
        };
        match outcome.into_json(kind, convert) {
            Ok(body) => with(StatusCode::OK, "application/json", body.into()),
            Err(reason) if unreadable => text(StatusCode::BAD_REQUEST, reason.into_owned()),
            Err(reason) if kind.fails_with_grace() => {
                text(StatusCode::SERVICE_UNAVAILABLE, reason.into_owned())
            }
            Err(reason) => text(StatusCode::INTERNAL_SERVER_ERROR, reason.into_owned()),
        }
    }

    async fn body(&self, body: &mut Body) -> Result<Bytes, (StatusCode, String)> {
        let max = self.max_message_len;
        let mut collected = pin!(Limited::new(body, max).collect());
        // Most bodies come with their headers, and need no clock.
        let collected = match poll_fn(|cx| Poll::Ready(collected.as_mut().poll(cx))).await {
            Poll::Ready(collected) => Ok(collected),
            Poll::Pending => timeout(BODY_LIMIT, collected).await,
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

pub(super) fn text(status: StatusCode, text: impl Into<String>) -> Response {
    with(status, "text/plain; charset=utf-8", text.into().into())
}

fn with(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
