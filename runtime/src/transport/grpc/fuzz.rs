//! The metadata of calls for cargo-fuzz.

use http::{HeaderMap, HeaderName, HeaderValue, Request};

use super::timeout::handler_time;
use crate::event::Metadata;
use crate::transport::direct::Secrets;

/// Reads each line of the bytes as a header: a key, a colon, a value of any bytes. Checks the secret, the caller's deadline
/// and the metadata that handlers see.
pub fn grpc_metadata(bytes: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n').take(64) {
        let at = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (key, value) = line.split_at(at);
        let value = value.get(1..).unwrap_or_default();
        if let (Ok(key), Ok(value)) = (HeaderName::from_bytes(key), HeaderValue::from_bytes(value)) {
            headers.append(key, value);
        }
    }
    let _ = handler_time(&headers);

    let mut secrets = Secrets::default();
    secrets.add("x-key", "s3cret").expect("a secret");
    let knows = headers
        .get_all("x-key")
        .iter()
        .any(|value| value.as_bytes() == b"s3cret");
    let mut request = Request::new(());
    *request.headers_mut() = headers;
    assert_eq!(secrets.admit_request(&mut request), knows);
    let headers = std::mem::take(request.headers_mut());

    let metadata = Metadata::from_headers(headers.clone());
    for key in metadata.keys() {
        assert!(
            key != "type" && !key.starts_with("grpc-") && !key.ends_with("-bin"),
            "{key}"
        );
        assert!(headers.contains_key(key), "{key}");
        // The values in their order; those that are no text may be missing.
        let mut all = headers.get_all(key).iter();
        for value in metadata.all(key) {
            assert!(
                all.any(|header| header.as_bytes() == value.as_bytes()),
                "{key}: {value}"
            );
            assert!(key != "x-key" || value != "s3cret");
        }
        let (one, count) = (metadata.one(key), headers.get_all(key).iter().count());
        assert!(count != 1 || one.is_ok(), "{key}");
    }
}
