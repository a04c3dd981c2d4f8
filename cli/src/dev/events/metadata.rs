//! Metadata of calls, as people see it.

use std::collections::BTreeMap;

use http::HeaderMap;

use crate::invoke::is_of_transport;

/// Returns the metadata of a call without what belongs to the transport.
pub(super) fn metadata_map(headers: &HeaderMap) -> BTreeMap<String, Vec<String>> {
    let mut map = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in headers {
        if !is_of_transport(name.as_str()) {
            map.entry(name.as_str().to_owned())
                .or_default()
                .push(String::from_utf8_lossy(value.as_bytes()).into_owned());
        }
    }
    map
}
