//! Refuses requests by their headers.

use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use tonic::Status;
use tonic::body::Body;

use crate::endpoint::MAX_HEADERS;
use crate::metrics::{Refusal, event_refused};

/// Refuses a request with too many headers.
pub(super) fn headers<B>(request: &Request<B>) -> Option<Response<Body>> {
    let count = request.headers().len();
    (count > MAX_HEADERS).then(|| {
        event_refused(Refusal::Headers);
        let text = format!("the call has {count} headers; the limit is {MAX_HEADERS}");
        Status::resource_exhausted(text).into_http()
    })
}

/// Refuses a request that is not a gRPC request. See `Requests` in
/// [gRPC over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
pub(super) fn grpc<B>(request: &Request<B>) -> Option<Response<Body>> {
    let mut response = Response::new(Body::empty());
    if request.method() != Method::POST {
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("POST"));
        return Some(response);
    }
    if !is_grpc(request.headers()) {
        *response.status_mut() = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Some(response);
    }
    None
}

fn is_grpc(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let name = content_type
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default();
    let name = name.trim_ascii();
    name.eq_ignore_ascii_case(b"application/grpc") || name.eq_ignore_ascii_case(b"application/grpc+proto")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_content_types_of_grpc_with_protobuf() {
        let is_grpc = |text: &'static str| {
            is_grpc(&HeaderMap::from_iter([(
                CONTENT_TYPE,
                HeaderValue::from_static(text),
            )]))
        };
        for right in [
            "application/grpc",
            "application/grpc+proto",
            "Application/GRPC ; charset=utf-8",
        ] {
            assert!(is_grpc(right), "{right}");
        }
        for wrong in [
            "",
            "application/grpc+json",
            "application/grpc-web",
            "application/json",
            "text/plain",
        ] {
            assert!(!is_grpc(wrong), "{wrong}");
        }
    }
}
