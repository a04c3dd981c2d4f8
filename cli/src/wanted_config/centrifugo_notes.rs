//! What a configuration of Centrifugo cannot say for itself.

use serde_json::Value;

use super::{Target, lookup, secret_variables};
use crate::description::{Description, Event, Handler};

/// Returns what people must do so that Centrifugo works with the configuration.
pub(super) fn notes(description: &Description, target: Target, config: &Value) -> Vec<String> {
    let mut notes = Vec::new();
    let text = config.to_string();
    if let (Target::Centrifugo, Some(endpoint)) = (target, &description.endpoint) {
        for (index, key) in endpoint.secret_keys.iter().enumerate() {
            let variable = secret_variables::variable(index);
            if text.contains(&secret_variables::reference(index)) {
                let value = if index == 0 {
                    "the value of WORKER_SECRET_VALUE"
                } else {
                    "its value"
                };
                notes.push(format!(
                    "set {variable} in Centrifugo's environment to the secret of the key `{key}`, which is {value}; Centrifugo does not start without it"
                ));
            } else if !text.to_ascii_lowercase().contains(&key.to_ascii_lowercase()) {
                notes.push(format!(
                    "add the secret of the key `{key}` to each proxy: Centrifugo must send it"
                ));
            }
        }
        if endpoint.mutual_tls {
            notes.push("set `cert_pem` and `key_pem` of each proxy to the files of a certificate that the CA of WORKER_TLS_CLIENT_CA signed".to_owned());
        }
        if endpoint.may_be_mounted {
            notes.push("the program can be part of another server; check that the endpoints are the address of that server".to_owned());
        }
        let calls_http = endpoint
            .api_url
            .as_deref()
            .is_some_and(|url| url.starts_with("http"));
        if calls_http && !has_text(config, &["http_api", "key"]) {
            notes.push("set CENTRIFUGO_HTTP_API_KEY in Centrifugo's environment to the key with which the program calls the server API".to_owned());
        }
    }
    let handles_connect = description
        .handlers
        .iter()
        .any(|handler| handler.event == Event::Connect);
    if !handles_connect && !can_connect(config) {
        notes.push(
            "no handler answers connect, so clients need tokens: set CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY in Centrifugo's environment to \
             the key that signs them"
                .to_owned(),
        );
    }
    let has_polls = description
        .handlers
        .iter()
        .any(|handler| handler.event == Event::SharedPollRefresh);
    if has_polls && target == Target::Centrifugo && !has_text(config, &["shared_poll", "hmac_secret_key"]) {
        notes.push(
            "set CENTRIFUGO_SHARED_POLL_HMAC_SECRET_KEY in Centrifugo's environment to the key that signs the tokens of shared polls; \
             Centrifugo does not start without it"
                .to_owned(),
        );
    }
    for handler in description
        .handlers
        .iter()
        .filter(|handler| matches_any_namespace(handler))
    {
        notes.push(format!(
            "the pattern `{}` of `{}` at {} matches any namespace; enable the proxy of {} in each namespace that it serves",
            handler.pattern.as_deref().unwrap_or_default(),
            handler.handler,
            handler.place(),
            handler.event,
        ));
    }
    notes
}

fn has_text(config: &Value, keys: &[&str]) -> bool {
    lookup::find(config, keys)
        .and_then(Value::as_str)
        .is_some_and(|text| !text.is_empty())
}

/// Whether clients can connect without a connect proxy.
fn can_connect(config: &Value) -> bool {
    let client = lookup::child(config, "client");
    let has = |keys: &[&str]| {
        client
            .and_then(|client| lookup::find(client, keys))
            .is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)) && value != "")
    };
    has(&["token"]) || has(&["insecure"]) || has(&["allow_anonymous_connect_without_token"])
}

/// Whether the text before the first `:` of a pattern has a wildcard.
fn matches_any_namespace(handler: &Handler) -> bool {
    let is_of_channels = matches!(
        handler.event,
        Event::Subscribe
            | Event::Publish
            | Event::SubRefresh
            | Event::SubscribeStream
            | Event::MapPublish
            | Event::MapRemove
            | Event::SharedPollRefresh
    );
    let Some(pattern) = handler.pattern.as_deref().filter(|_| is_of_channels) else {
        return false;
    };
    let first = pattern.split(':').next().unwrap_or_default();
    // `{name}` matches no `:`, so it can only be a namespace if a `:` follows.
    first.contains('*') || (first.contains('{') && pattern.contains(':'))
}
