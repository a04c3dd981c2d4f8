//! HTTP responses.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use http_body_util::Full;

use super::json;
use crate::event::Kind;
use crate::handler::Outcome;

/// Returns the response to an event.
pub(super) fn response_to(kind: Kind, outcome: Outcome) -> Response<Full<Bytes>> {
    let is_unreadable = matches!(outcome, Outcome::Unreadable(_));
    let convert = |body| {
        json::response(kind, body).map_err(|error| {
            tracing::error!(target: "centrifugo", %kind, error, "the response can't be written as JSON");
            "internal server error".to_owned()
        })
    };
    match outcome.into_json(kind, convert) {
        Ok(body) => with(StatusCode::OK, "application/json", body),
        Err(reason) if is_unreadable => text(StatusCode::BAD_REQUEST, reason),
        Err(reason) if kind.fails_with_grace() => text(StatusCode::SERVICE_UNAVAILABLE, reason),
        Err(reason) => text(StatusCode::INTERNAL_SERVER_ERROR, reason),
    }
}

/// Returns a response with a text.
pub(super) fn text(status: StatusCode, text: impl Into<String>) -> Response<Full<Bytes>> {
    with(status, "text/plain; charset=utf-8", text.into().into())
}

fn with(status: StatusCode, content_type: &'static str, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
