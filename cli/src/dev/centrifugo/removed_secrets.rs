//! Configurations as the console shows them: without secrets.

use serde_json::Value;

use crate::recording::REMOVED;

/// Options whose members are texts that may be secret.
const SECRET_MAPS: [&str; 2] = ["static_headers", "static_metadata"];

/// Returns a configuration with [`REMOVED`] in place of its secrets.
pub(crate) fn value_without_secrets(value: &Value) -> Value {
    let mut value = value.clone();
    remove_from(&mut value);
    value
}

/// Returns the value of an environment variable with [`REMOVED`] in place of its secrets.
pub(crate) fn variable_without_secrets(name: &str, text: &str) -> String {
    let name = name.to_lowercase();
    // Their names say nothing about their values.
    let is_free = name.starts_with("centrifugo_var_");
    let is_map = SECRET_MAPS.iter().any(|map| name.ends_with(map));
    if is_free || is_map || is_secret(&name) {
        return REMOVED.to_owned();
    }
    match serde_json::from_str::<Value>(text) {
        Ok(json) if json.is_array() || json.is_object() => value_without_secrets(&json).to_string(),
        _ => without_userinfo(text),
    }
}

fn remove_from(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.to_lowercase();
                if SECRET_MAPS.iter().any(|map| name.ends_with(map)) {
                    remove_texts(member);
                } else if is_secret(&name) && (member.is_string() || member.is_number()) {
                    remove_text(member);
                } else {
                    remove_from(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(remove_from),
        Value::String(text) => *text = without_userinfo(text),
        _ => {}
    }
}

/// Removes all texts of a map, or of a list of pairs.
fn remove_texts(value: &mut Value) {
    match value {
        Value::Object(members) => {
            // Pairs have the name in the member `key`.
            let texts = members.iter_mut().filter(|(name, _)| name.as_str() != "key");
            texts.for_each(|(_, member)| remove_text(member));
        }
        Value::Array(items) => items.iter_mut().for_each(remove_texts),
        other => remove_text(other),
    }
}

/// Removes a text, unless it is empty or only names a variable.
fn remove_text(value: &mut Value) {
    let is_harmless = value
        .as_str()
        .is_some_and(|text| text.is_empty() || text.starts_with("${") && text.ends_with('}'));
    if !is_harmless {
        *value = REMOVED.into();
    }
}

/// Whether an option holds a secret. The name is in lower case.
fn is_secret(name: &str) -> bool {
    if name.contains("public") || name.ends_with("valid_until") || name.ends_with("credentials_key") {
        return false;
    }
    ["key", "key_pem", "token", "dsn"]
        .iter()
        .any(|end| name.ends_with(end))
        || ["secret", "password", "credentials"]
            .iter()
            .any(|part| name.contains(part))
}

/// Removes the user and the password of addresses.
fn without_userinfo(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        cleaned.push_str(before);
        cleaned.push_str("://");
        let end = after
            .find(|c: char| matches!(c, '/' | '?' | '#' | ',') || c.is_whitespace())
            .unwrap_or(after.len());
        let (authority, tail) = after.split_at(end);
        match authority.rsplit_once('@') {
            Some((_, host)) => cleaned.extend([REMOVED, "@", host]),
            None => cleaned.push_str(authority),
        }
        rest = tail;
    }
    cleaned.push_str(rest);
    cleaned
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn removes_the_secrets_of_a_configuration() {
        let shown = value_without_secrets(&json!({
            "client": {
                "token": { "hmac_secret_key": "s1", "hmac_previous_secret_key_valid_until": 3, "ecdsa_public_key": "public" },
                "allowed_origins": ["http://localhost:*"],
                "allow_anonymous_connect_without_token": true,
            },
            "admin": { "password": 1234, "Secret": "s2" },
            "grpc_api": { "enabled": true, "key": "s3" },
            "http_api": { "key": "" },
            "rpc": { "proxy": {
                "endpoint": "grpc://s4:s5@backend:1",
                "http": { "static_headers": { "X-Key": "s6", "y": "${CENTRIFUGO_VAR_KEY}" } },
                "grpc": { "credentials_key": "x-key", "credentials_value": "s7", "static_metadata": [{ "key": "x", "value": "s8" }] },
            } },
            "engine": { "redis": { "address": ["redis://u:s9@a:1,redis://b:2/0", "redis://c"] } },
            "broker": { "postgres": { "dsn": "postgres://s10" } },
            "http_server": { "tls": { "key_pem": "s11", "cert_pem": "public" } },
        }));
        let text = shown.to_string();
        for secret in 1..=11 {
            assert!(!text.contains(&format!("s{secret}")), "{secret}: {text}");
        }
        assert!(!text.contains("1234"), "{text}");
        assert_eq!(
            shown["client"]["token"]["hmac_previous_secret_key_valid_until"],
            3
        );
        assert_eq!(shown["client"]["token"]["ecdsa_public_key"], "public");
        assert_eq!(shown["client"]["allow_anonymous_connect_without_token"], true);
        assert_eq!(shown["grpc_api"], json!({ "enabled": true, "key": REMOVED }));
        assert_eq!(shown["http_api"]["key"], "");
        let proxy = &shown["rpc"]["proxy"];
        assert_eq!(proxy["endpoint"], "grpc://[removed]@backend:1");
        assert_eq!(proxy["http"]["static_headers"]["y"], "${CENTRIFUGO_VAR_KEY}");
        assert_eq!(proxy["grpc"]["credentials_key"], "x-key");
        assert_eq!(
            proxy["grpc"]["static_metadata"],
            json!([{ "key": "x", "value": REMOVED }])
        );
        assert_eq!(
            shown["engine"]["redis"]["address"],
            json!(["redis://[removed]@a:1,redis://b:2/0", "redis://c"])
        );
        assert_eq!(shown["client"]["allowed_origins"], json!(["http://localhost:*"]));
    }

    #[test]
    fn removes_the_secrets_of_variables() {
        for (name, text, shown) in [
            ("CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY", "s", REMOVED),
            ("CENTRIFUGO_GRPC_API_KEY", "s", REMOVED),
            ("CENTRIFUGO_VAR_BACKEND", "s", REMOVED),
            (
                "CENTRIFUGO_RPC_PROXY_HTTP_STATIC_HEADERS",
                r#"{"a":"s"}"#,
                REMOVED,
            ),
            (
                "CENTRIFUGO_PROXIES",
                r#"[{"grpc":{"credentials_value":"s"}}]"#,
                r#"[{"grpc":{"credentials_value":"[removed]"}}]"#,
            ),
            ("CENTRIFUGO_BROKER_NATS_URL", "nats://u:s@x", "nats://[removed]@x"),
            ("CENTRIFUGO_HTTP_SERVER_PORT", "8000", "8000"),
        ] {
            assert_eq!(variable_without_secrets(name, text), shown, "{name}");
        }
    }
}
