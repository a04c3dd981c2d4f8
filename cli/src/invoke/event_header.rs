//! Headers of events, which gRPC carries as metadata.

use http::{HeaderName, HeaderValue};

use super::InvokeError;

/// Whether a header belongs to the transport, and not to the event.
pub(crate) fn is_of_transport(name: &str) -> bool {
    let is_known = matches!(
        name,
        "connection"
            | "content-length"
            | "content-type"
            | "host"
            | "te"
            | "transfer-encoding"
            | "upgrade"
            | "user-agent"
    );
    is_known || name.starts_with("grpc-")
}

/// Returns a header of an event as it is sent.
///
/// # Errors
///
/// Returns an error that names the header that cannot be sent.
pub(crate) fn event_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), InvokeError> {
    let invalid = || InvokeError::Header(name.to_owned());
    let key = HeaderName::try_from(name.to_ascii_lowercase()).map_err(|_| invalid())?;
    // Metadata with this ending is binary.
    if is_of_transport(key.as_str()) || key.as_str().ends_with("-bin") {
        return Err(invalid());
    }
    let value = HeaderValue::try_from(value).map_err(|_| invalid())?;
    Ok((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_headers_of_the_transport() {
        for (name, value) in [
            ("grpc-timeout", "1"),
            ("Host", "x"),
            ("TE", "trailers"),
            ("content-type", "x"),
            ("key-bin", "x"),
            ("a b", "x"),
            ("", "x"),
            ("a", "\n"),
        ] {
            let error = event_header(name, value).unwrap_err().to_string();
            assert!(error.starts_with(&format!("the header `{name}`")), "{error}");
        }
        let (name, value) = event_header("X-Tenant", "Zoë").unwrap();
        assert_eq!((name.as_str(), value.as_bytes()), ("x-tenant", "Zoë".as_bytes()));
    }
}
