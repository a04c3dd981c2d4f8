//! Refusals of requests whose body is not read.

use std::time::Duration;

use bytes::{Buf as _, Bytes};
use http::header::{CONNECTION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response, StatusCode, Version};
use http_body::Body;
use http_body_util::{BodyExt as _, Full};
use tokio::time::timeout;

use super::response::text;

/// At most this much of a refused request's body is read, so that its connection can be used again.
const MAX_DRAINED_LEN: usize = 256 * 1024;
/// At most this long is waited for it.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// Refuses a request without reading its body.
///
/// Over HTTP/1 the next request follows the body. hyper closes a connection whose body was not read without telling the client,
/// which would send its next request into a closed connection. Therefore a short body is read and dropped; otherwise the
/// response says that the connection closes.
pub(super) async fn refuse(
    version: Version,
    body: &mut (impl Body + Unpin),
    status: StatusCode,
    reason: impl Into<String>,
) -> Response<Full<Bytes>> {
    let mut response = text(status, reason);
    if version < Version::HTTP_2 && !drain(body).await {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Reads and drops a body. Returns whether all of it arrived.
async fn drain(body: &mut (impl Body + Unpin)) -> bool {
    // The length is known in advance if the client waits for permission to send the body (`expect: 100-continue`).
    if body.size_hint().lower() > MAX_DRAINED_LEN as u64 {
        return false;
    }
    let drained = timeout(DRAIN_TIMEOUT, async {
        let mut read = 0;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return false };
            read += frame.data_ref().map_or(0, |data| data.remaining());
            if read > MAX_DRAINED_LEN {
                return false;
            }
        }
        true
    });
    drained.await.unwrap_or(false)
}

/// Whether the content type is JSON.
///
/// A browser sends JSON to another origin only after a preflight request, which the endpoint does not answer. Other content
/// types it sends without one, so any web page could call an endpoint on the machine of its reader.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let name = content_type
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default();
    name.trim_ascii().eq_ignore_ascii_case(b"application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_json() {
        let is_json = |text: &'static str| {
            is_json(&HeaderMap::from_iter([(
                CONTENT_TYPE,
                HeaderValue::from_static(text),
            )]))
        };
        for right in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
        ] {
            assert!(is_json(right), "{right}");
        }
        for wrong in [
            "",
            "text/plain",
            "text/plain; application/json",
            "application/jsonp",
            "application/json, a/b",
        ] {
            assert!(!is_json(wrong), "{wrong}");
        }
    }
}
