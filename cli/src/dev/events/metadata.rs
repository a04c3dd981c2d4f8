//! Metadata of calls, as people see it.

use std::collections::BTreeMap;

use http::HeaderMap;

/// Whether a header is part of the transport.
pub(super) fn is_transport(key: &str) -> bool {
    matches!(key, "content-length" | "content-type" | "te" | "user-agent") || key.starts_with("grpc-")
}

/// Returns the metadata of a call without what belongs to the transport.
pub(super) fn metadata_map(headers: &HeaderMap) -> BTreeMap<String, Vec<String>> {
    let mut map = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in headers {
        if !is_transport(name.as_str()) {
            map.entry(name.as_str().to_owned())
                .or_default()
                .push(String::from_utf8_lossy(value.as_bytes()).into_owned());
        }
    }
    map
}
