//! What the tests of this folder have in common.

use serde_json::{Value, json};

use crate::description::Description;

/// Completes and parses a description. Handlers need only the keys that a test is about.
pub(super) fn description(mut parts: Value) -> Description {
    let mut document = json!({
        "version": 1, "handlers": [], "channels": [], "errors": [], "schemas": {}, "features": [], "handler_timeout_ms": 1,
        "endpoint": null, "configuration": { "centrifugo": null, "roadrunner": { "rr": {}, "centrifugo": {} } },
    });
    for handler in parts
        .get_mut("handlers")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let mut whole = json!({
            "pattern": null, "channel": null, "handler": "app::handler", "takes": [], "returns": "", "file": "", "line": 1, "docs": "",
            "timeout_ms": null, "needs": [], "data": null, "meta": null, "incoming": null, "result": null, "info": null,
            "publication": null, "item": null, "errors": [],
        });
        merge(&mut whole, handler);
        *handler = whole;
    }
    merge(&mut document, &parts);
    Description::parse(&document.to_string()).unwrap()
}

fn merge(whole: &mut Value, parts: &Value) {
    for (key, value) in parts.as_object().into_iter().flatten() {
        whole[key] = value.clone();
    }
}
