use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Info, document};
use crate::description::Description;

/// Returns the description of a program with handlers of several kinds.
fn program() -> Value {
    let data = |name: &str, schema: Value| json!({ "type": name, "optional": false, "schema": schema });
    let line = data("app::Line", json!({ "$ref": "#/schemas/Line" }));
    let handler = |event: &str, pattern: Value, channel: Value, docs: &str| {
        json!({
            "event": event, "pattern": pattern, "channel": channel, "handler": "app::handle", "takes": [], "returns": "()",
            "file": "src/main.rs", "line": 1, "docs": docs, "timeout_ms": null, "needs": [], "data": null, "meta": null,
            "incoming": null, "result": null, "info": null, "publication": null, "item": null, "errors": ["app::AppError"],
        })
    };
    let mut connect = handler("connect", json!(null), json!(null), "");
    connect["data"] = json!({ "type": "Login", "optional": true, "schema": null, "note": "it does not implement `JsonSchema`" });
    let mut get = handler(
        "rpc",
        json!("user/{id}"),
        json!(null),
        "Returns a user.\n\nIt must exist.",
    );
    get["data"] = data("u32", json!({ "type": "integer", "format": "uint32" }));
    get["result"] = line.clone();
    let mut say = handler("publish", json!("chat:{room}"), json!("app::Chat"), "");
    say["data"] = data("NewLine", json!({ "type": "object" }));
    let mut other = handler("subscribe_stream", json!("news:*"), json!(null), "");
    other["publication"] = line.clone();
    other["incoming"] = data("NewLine", json!({ "type": "object" }));
    json!({
        "version": 1,
        "handlers": [connect, get, say, handler("subscribe", json!("chat:{room}"), json!("app::Chat"), ""), other,
            handler("notify_cache_empty", json!("x:*"), json!(null), "")],
        "channels": [{
            "name": "app::Chat", "pattern": "chat:{room}", "prefix": "chat:",
            "fields": [{ "name": "room", "type": "app::RoomId", "rest": false, "after": "" }],
            "file": "src/main.rs", "line": 1, "docs": "A room.", "options": {}, "publication": line, "item": null,
        }],
        "errors": [{
            "name": "app::AppError", "file": "src/main.rs", "line": 1, "docs": "Why not.", "cases": [
                { "name": "NoUser", "docs": "No such user.", "answer": "error", "code": 404, "message": "no user", "format": null, "temporary": true, "error": null },
                { "name": "Banned", "docs": "", "answer": "disconnect", "code": 4501, "message": null, "format": "banned for {0}", "temporary": false, "error": null },
                { "name": "Db", "docs": "", "answer": "internal", "code": 100, "message": "internal server error", "format": null, "temporary": false, "error": null },
                { "name": "Other", "docs": "", "answer": "transparent", "code": null, "message": null, "format": null, "temporary": false, "error": null },
                { "name": "Own", "docs": "", "answer": "transparent", "code": null, "message": null, "format": null, "temporary": false, "error": "app::AppError" },
            ],
        }],
        "schemas": {
            "Line": { "type": "object", "properties": { "next": { "$ref": "#/schemas/Line", "description": "The next one." }, "page": { "$ref": "#/schemas/Page<Line>" } } },
            "Page<Line>": { "type": "array", "items": { "$ref": "#/schemas/Line" } },
            // It has the name of an error.
            "AppError": { "type": "string" },
        },
        "features": ["grpc"], "handler_timeout_ms": 10000, "endpoint": null,
        "configuration": { "centrifugo": null, "roadrunner": { "rr": {}, "centrifugo": {} } },
    })
}

fn made() -> Value {
    let description = Description::parse(&program().to_string()).unwrap();
    document(&description, &Info::new("app")).unwrap()
}

/// Returns the value at each reference that the document has.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value.as_str() {
                    Some(target) if key == "$ref" => found.push(target),
                    _ => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn all_references_have_a_target() {
    let document = made();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 20, "{found:?}");
    for target in found {
        assert!(
            document.pointer(target.trim_start_matches('#')).is_some(),
            "{target}"
        );
    }
}

#[test]
fn operations_are_from_the_view_of_the_program() {
    let document = made();
    let names: Vec<_> = document["operations"].as_object().unwrap().keys().collect();
    let expected = [
        "connect",
        "incoming_channel_news",
        "publish_Chat",
        "rpc_user_id",
        "send_Chat",
        "send_channel_news",
        "subscribe_Chat",
        "subscribe_stream_channel_news",
    ];
    assert_eq!(names, expected);
    let reference = |path: &str| json!({ "$ref": path });
    assert_eq!(
        document["operations"]["rpc_user_id"],
        json!({
            "action": "receive", "channel": reference("#/channels/rpc_user_id"), "title": "rpc user/{id}", "tags": [{ "name": "rpc" }],
            "summary": "Returns a user.", "description": "It must exist.", "messages": [reference("#/channels/rpc_user_id/messages/rpc")],
            "reply": {
                "channel": reference("#/channels/rpc_user_id"),
                "messages": [reference("#/channels/rpc_user_id/messages/rpc_result"), reference("#/channels/rpc_user_id/messages/AppError_2")],
            },
        })
    );
    assert_eq!(document["operations"]["send_Chat"]["action"], "send");
    assert_eq!(
        document["operations"]["send_Chat"]["messages"],
        json!([reference("#/channels/Chat/messages/publication")])
    );
    assert_eq!(document["operations"]["subscribe_Chat"]["messages"], json!([]));
    assert_eq!(
        document["operations"]["incoming_channel_news"],
        json!({
            "action": "receive", "channel": reference("#/channels/channel_news"),
            "title": "publication of a client in subscribe_stream of news:*",
            "summary": "Takes what the client publishes into its stream.", "tags": [{ "name": "subscribe_stream" }],
            "messages": [reference("#/channels/channel_news/messages/incoming")],
        })
    );
}

#[test]
fn channels_have_addresses_and_parameters() {
    let channels = &made()["channels"];
    let names: Vec<_> = channels.as_object().unwrap().keys().collect();
    assert_eq!(names, ["Chat", "channel_news", "connection", "rpc_user_id"]);
    assert_eq!(channels["Chat"]["address"], "chat:{room}");
    assert_eq!(channels["Chat"]["description"], "A room.");
    assert_eq!(
        channels["Chat"]["parameters"]["room"]["description"],
        "`RoomId`. Any characters but `:`, `/`, `.` and `#`."
    );
    assert_eq!(channels["channel_news"]["address"], "news:{wildcard}");
    assert_eq!(channels["rpc_user_id"]["address"], "user/{id}");
    assert_eq!(channels["connection"]["address"], Value::Null);
    let login = &channels["connection"]["messages"]["connect"];
    assert_eq!(login["payload"], json!({}));
    assert_eq!(
        login["description"],
        "The data may be missing. The schema of `Login` is unknown: it does not implement `JsonSchema`."
    );
}

#[test]
fn schemas_and_errors_have_names_of_their_own() {
    let components = &made()["components"];
    assert_eq!(components["schemas"]["AppError"], json!({ "type": "string" }));
    assert_eq!(
        components["schemas"]["Line"]["properties"],
        json!({
            "next": { "description": "The next one.", "allOf": [{ "$ref": "#/components/schemas/Line" }] },
            "page": { "$ref": "#/components/schemas/Page_Line" },
        })
    );
    let cases = &components["schemas"]["AppError_2"]["oneOf"];
    assert_eq!(
        cases[0],
        json!({
            "title": "NoUser", "description": "No such user.", "type": "object", "required": ["code", "message"],
            "properties": {
                "code": { "type": "integer", "const": 404 }, "message": { "type": "string", "const": "no user" },
                "temporary": { "type": "boolean", "const": true },
            },
        })
    );
    assert_eq!(
        cases[1]["properties"]["reason"],
        json!({ "type": "string", "description": "`banned for {0}`" })
    );
    assert_eq!(cases[3]["title"], "Error");
    assert_eq!(
        cases.as_array().unwrap().len(),
        4,
        "the case of its own type is left out"
    );
    assert_eq!(
        components["messages"]["AppError_2"]["payload"],
        json!({ "$ref": "#/components/schemas/AppError_2" })
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn names_that_collide_get_numbers(
        handlers in prop::collection::vec(("rpc|publish|subscribe", "[a{}*/: ü]{1,4}", "[A-Z]{1}|app::[AB]<[AB]>"), 1..12),
        schemas in prop::collection::vec("[AB<>/~% ]{1,3}", 0..6),
    ) {
        let mut program = program();
        let first = program["handlers"][1].clone();
        let handlers: Vec<_> = handlers
            .into_iter()
            .map(|(event, pattern, name)| {
                let mut handler = first.clone();
                handler["event"] = event.into();
                handler["pattern"] = pattern.into();
                handler["data"]["type"] = name.into();
                if let Some(schema) = schemas.first() {
                    handler["data"]["schema"] = json!({ "$ref": format!("#/schemas/{}", schema.replace('~', "~0").replace('/', "~1")) });
                }
                handler
            })
            .collect();
        let count = handlers.len();
        program["handlers"] = handlers.into();
        for schema in schemas {
            program["schemas"][schema] = json!({ "type": "string" });
        }
        let description = Description::parse(&program.to_string()).unwrap();
        let document = document(&description, &Info::new("app")).unwrap();
        let mut found = Vec::new();
        references(&document, &mut found);
        for target in found {
            prop_assert!(document.pointer(target.trim_start_matches('#')).is_some(), "{}", target);
        }
        let operations = document["operations"].as_object().unwrap();
        let receives = operations.values().filter(|operation| operation["action"] == "receive").count();
        prop_assert_eq!(receives, count);
        for place in ["/channels", "/operations", "/components/schemas", "/components/messages"] {
            for name in document.pointer(place).unwrap().as_object().unwrap().keys() {
                prop_assert!(name.chars().all(|char| char.is_ascii_alphanumeric() || "_-.".contains(char)), "{}", name);
            }
        }
    }
}
