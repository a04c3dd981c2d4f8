//! Secrets, which are never written into a configuration. Centrifugo replaces `${CENTRIFUGO_VAR_NAME}` in static headers and in
//! static metadata, and nowhere else. It does not start if the variable is missing.

use serde_json::Value;

use super::lookup;

/// The variable of the first secret. The others have a number.
const VARIABLE: &str = "CENTRIFUGO_VAR_BACKEND_SECRET";

/// Returns the variable of a secret.
pub(super) fn variable(index: usize) -> String {
    match index {
        0 => VARIABLE.to_owned(),
        _ => format!("{VARIABLE}_{}", index + 1),
    }
}

/// Returns the text that Centrifugo replaces by the secret.
pub(super) fn reference(index: usize) -> String {
    format!("${{{}}}", variable(index))
}

/// Whether an option of a proxy holds secrets.
pub(super) fn is_secret(option: &str) -> bool {
    matches!(
        option,
        "credentials_key" | "credentials_value" | "static_metadata" | "static_headers"
    )
}

/// Whether the options `grpc` or `http` of a proxy send a secret with this key. `pairs` is the option with keys and values.
pub(super) fn has_key(options: &Value, pairs: &str, key: &str) -> bool {
    let is_key = |known: &str| known.eq_ignore_ascii_case(key);
    let is_credentials = lookup::text(options, "credentials_key").is_some_and(is_key);
    let is_pair = match lookup::child(options, pairs) {
        Some(Value::Object(pairs)) => pairs.keys().any(|known| is_key(known)),
        Some(Value::Array(pairs)) => pairs
            .iter()
            .any(|pair| lookup::text(pair, "key").is_some_and(is_key)),
        _ => false,
    };
    is_credentials || is_pair
}
