//! The server of a document: Centrifugo.

use serde_json::{Value, json};

/// Returns the server at a URL.
///
/// # Errors
///
/// Returns an error if the URL has no scheme `ws`, `wss`, `http` or `https`, or no host.
pub(super) fn server(url: &str) -> Result<Value, String> {
    let parts = url.split_once("://").and_then(|(protocol, rest)| {
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let is_known = matches!(protocol, "ws" | "wss" | "http" | "https");
        (is_known && !host.is_empty()).then_some((protocol, host, path))
    });
    let (protocol, host, path) = parts.ok_or_else(|| {
        format!("`{url}` is no URL of Centrifugo, such as `wss://example.org/connection/websocket`")
    })?;
    let mut server =
        json!({ "host": host, "protocol": protocol, "description": "Centrifugo, to which clients connect." });
    if !path.is_empty() {
        server["pathname"] = path.into();
    }
    Ok(server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_urls() {
        let server_of = |url| {
            server(url).map(|mut server| {
                server.as_object_mut().unwrap().remove("description");
                server
            })
        };
        assert_eq!(
            server_of("wss://example.org/connection/websocket"),
            Ok(json!({ "host": "example.org", "protocol": "wss", "pathname": "/connection/websocket" }))
        );
        assert_eq!(
            server_of("ws://[::1]:8000"),
            Ok(json!({ "host": "[::1]:8000", "protocol": "ws" }))
        );
        for url in ["example.org", "grpc://example.org", "ws:///x", ""] {
            assert!(server(url).unwrap_err().contains("no URL"), "{url}");
        }
    }
}
