//! gRPC statuses.

use http::header::{HeaderMap, HeaderName, HeaderValue};

const CODE: HeaderName = HeaderName::from_static("grpc-status");
const MESSAGE: HeaderName = HeaderName::from_static("grpc-message");

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) code: u32,
    pub(crate) message: String,
}

impl Status {
    pub(crate) const CANCELLED: u32 = 1;
    pub(crate) const DEADLINE_EXCEEDED: u32 = 4;
    pub(crate) const UNAVAILABLE: u32 = 14;

    pub(crate) fn ok() -> Self {
        Self {
            code: 0,
            message: String::new(),
        }
    }

    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self {
            code: Self::UNAVAILABLE,
            message: message.into(),
        }
    }

    pub(crate) fn cancelled() -> Self {
        Self {
            code: Self::CANCELLED,
            message: "the call was cancelled".to_owned(),
        }
    }

    pub(crate) fn is_ok(&self) -> bool {
        self.code == 0
    }

    /// Reads the status from the trailers of a response, or from the headers of one without a body.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let code = headers.get(CODE)?.to_str().ok()?.parse().ok()?;
        let message = headers
            .get(MESSAGE)
            .map(HeaderValue::as_bytes)
            .unwrap_or_default();
        Some(Self {
            code,
            message: percent_decoded(message),
        })
    }

    /// Returns the headers of a response that has only this status.
    pub(super) fn to_headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(
            http::header::CONTENT_TYPE,
            HeaderValue::from_static("application/grpc"),
        );
        headers.insert(CODE, HeaderValue::from(self.code));
        if let Ok(message) = HeaderValue::from_str(&percent_encoded(&self.message)) {
            headers.insert(MESSAGE, message);
        }
        headers
    }
}

/// Encodes a message as the gRPC protocol says: all but printable ASCII, and `%`.
fn percent_encoded(message: &str) -> String {
    let mut text = String::with_capacity(message.len());
    for byte in message.bytes() {
        if matches!(byte, b' '..=b'~') && byte != b'%' {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

fn percent_decoded(message: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(message.len());
    let mut rest = message;
    while let [first, tail @ ..] = rest {
        let hex = tail.first_chunk::<2>().filter(|_| *first == b'%');
        let byte = hex
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        rest = match byte {
            Some(byte) => {
                bytes.push(byte);
                &tail[2..]
            }
            None => {
                bytes.push(*first);
                tail
            }
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_the_way_through_headers() {
        for message in ["", "plain", "100 % sûr\n", "%41"] {
            let status = Status::unavailable(message);
            assert_eq!(Status::from_headers(&status.to_headers()), Some(status));
        }
        assert_eq!(Status::from_headers(&HeaderMap::new()), None);
    }

    #[test]
    fn reads_broken_encodings_as_they_are() {
        assert_eq!(percent_decoded(b"%4"), "%4");
        assert_eq!(percent_decoded(b"%zz%"), "%zz%");
    }
}
