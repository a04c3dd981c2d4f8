//! Bytes as JSON for people.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Longer values are clipped, in bytes of their text.
const MAX_LEN: usize = 16 << 10;
/// What is left of them.
const CLIPPED_LEN: usize = 4 << 10;

/// Returns data as a JSON value, `{ "$bytes": base64 }` if it is not JSON, or `{ "$clipped": text, "length": n }` if it is long.
/// Returns `null` for no data.
pub(crate) fn bytes_view(data: &[u8]) -> Value {
    if data.is_empty() {
        return Value::Null;
    }
    if data.len() > MAX_LEN {
        let start = String::from_utf8_lossy(&data[..CLIPPED_LEN]);
        return json!({ "$clipped": start, "length": data.len() });
    }
    serde_json::from_slice(data).unwrap_or_else(|_| json!({ "$bytes": STANDARD.encode(data) }))
}

/// Clips the members of an object whose texts are long.
pub(super) fn clip_members(value: &mut Value) {
    let members = value.as_object_mut().into_iter().flatten();
    for (_, member) in members {
        let text = member.to_string();
        if text.len() > MAX_LEN {
            let mut end = CLIPPED_LEN;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            *member = json!({ "$clipped": text[..end], "length": text.len() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_any_bytes() {
        assert_eq!(bytes_view(b""), Value::Null);
        assert_eq!(bytes_view(b"{\"a\":1}"), json!({ "a": 1 }));
        assert_eq!(bytes_view(&[255, 0]), json!({ "$bytes": "/wA=" }));
        let long = vec![b'x'; MAX_LEN + 1];
        assert_eq!(bytes_view(&long)["length"], MAX_LEN + 1);
        let mut value = json!({ "result": { "data": "é".repeat(MAX_LEN) }, "other": 1 });
        clip_members(&mut value);
        assert!(value["result"]["$clipped"].is_string());
        assert_eq!(value["other"], 1);
    }
}
