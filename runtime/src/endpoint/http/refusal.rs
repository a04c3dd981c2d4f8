//! Requests that are refused before their body is read.

use std::time::Duration;

use bytes::{Buf as _, Bytes};
use http::header::{CONNECTION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response, StatusCode, Version};
use http_body::Body;
use http_body_util::{BodyExt as _, Full};
use tokio::time::timeout;

use super::endpoint::text;

/// How much of a body that nobody wants is read, so that its connection can be used again.
const DRAIN_BYTES: usize = 256 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(1);

/// Answers a request whose body is not wanted.
///
/// Over HTTP/1 the next request stands behind the body. hyper closes a connection whose body was not read, without a word: the
/// client would send its next request into a closed connection. So the body is read and dropped, or the answer says that the
/// connection closes.
pub(super) async fn refuse(
    version: Version,
    mut body: impl Body + Unpin,
    status: StatusCode,
    reason: impl Into<String>,
) -> Response<Full<Bytes>> {
    let mut response = text(status, reason);
    if version < Version::HTTP_2 && !drain(&mut body).await {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Reads and drops a body. Returns whether all of it came.
async fn drain(body: &mut (impl Body + Unpin)) -> bool {
    // Known beforehand: it is too long, or the client waits for leave to send it (`expect: 100-continue`).
    if body.size_hint().lower() > DRAIN_BYTES as u64 {
        return false;
    }
    let drained = timeout(DRAIN_TIME, async {
        let mut read = 0;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return false };
            read += frame.data_ref().map_or(0, |data| data.remaining());
            if read > DRAIN_BYTES {
                return false;
            }
        }
        true
    });
    drained.await.unwrap_or(false)
}

/// Whether the body is declared as JSON. Browsers ask before they send that to another origin, and get no leave here; other types
/// they send without asking, so that any web page could call an endpoint on its reader's machine.
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
    fn takes_json_with_parameters_alone() {
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
