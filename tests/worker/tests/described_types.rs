//! The types, schemas and errors in the document that `WORKER_DESCRIBE=json` prints.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use serde_json::{Value, json};
use support::worker;

fn describe(program: &str) -> Value {
    let output = worker(program).env("WORKER_DESCRIBE", "json").output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn entry<'a>(list: &'a Value, key: &str, value: &str) -> &'a Value {
    let list = list.as_array().unwrap();
    let found = list.iter().find(|entry| entry[key] == value);
    found.unwrap_or_else(|| panic!("no {key} {value} in {list:#?}"))
}

fn handler(document: &Value, name: &str) -> Value {
    entry(
        &document["handlers"],
        "handler",
        &format!("described_types::{name}"),
    )
    .clone()
}

#[test]
fn describes_types_behind_aliases() {
    let document = describe("described_types");
    let handler = handler(&document, "aliases");
    assert_eq!(handler["data"]["schema"], json!({ "$ref": "#/schemas/Query" }));
    assert_eq!(handler["data"]["type"], "described_types::Query");
    assert_eq!(handler["data"]["optional"], false);
    assert_eq!(handler["result"]["schema"], json!({ "$ref": "#/schemas/Page" }));
    assert_eq!(
        (&handler["docs"], &handler["timeout_ms"]),
        (&json!("Gets a user."), &json!(900))
    );
    let query = &document["schemas"]["Query"];
    assert_eq!(query["description"], "Which user to get.");
    assert_eq!(
        query["properties"]["id"]["description"],
        "The number of the user."
    );
    assert_eq!(query["required"], json!(["id"]));
    assert!(document["schemas"]["Filter"].is_object(), "{document:#}");
}

#[test]
fn describes_input_and_output_apart_if_they_differ() {
    let document = describe("described_types");
    let say = handler(&document, "say");
    assert_eq!(say["data"]["schema"], json!({ "$ref": "#/schemas/LineInput" }));
    assert_eq!(say["publication"]["schema"], json!({ "$ref": "#/schemas/Line" }));
    assert_eq!(document["schemas"]["LineInput"]["required"], json!(["text"]));
    assert_eq!(document["schemas"]["Line"]["required"], json!(["text", "by"]));
}

#[test]
fn describes_data_of_combined_extractors() {
    let document = describe("described_types");
    let combined = handler(&document, "combined");
    assert_eq!(combined["data"]["optional"], true);
    assert_eq!(
        combined["data"]["schema"],
        json!({ "$ref": "#/schemas/LineInput" })
    );
    assert_eq!(combined["meta"]["schema"], json!({ "$ref": "#/schemas/Tenant" }));
    assert_eq!(combined["needs"], json!(["connection_meta"]));
    let result = &combined["result"]["schema"];
    assert_eq!(
        (&result["type"], &result["items"]["type"]),
        (&json!("array"), &json!("string"))
    );
    let broken = handler(&document, "broken");
    assert_eq!(broken["data"]["schema"], json!({ "$ref": "#/schemas/LineInput" }));
    assert_eq!(broken["result"], Value::Null);
}

#[test]
fn describes_the_info_of_connections_and_subscriptions() {
    let document = describe("described_types");
    let connect = handler(&document, "connect");
    assert_eq!(connect["info"]["schema"], json!({ "$ref": "#/schemas/Line" }));
    assert_eq!(
        (&connect["info"]["optional"], &connect["result"]),
        (&json!(false), &Value::Null)
    );
    let join = handler(&document, "join");
    assert_eq!(join["result"]["schema"], json!({ "$ref": "#/schemas/Line" }));
    assert_eq!(
        join["info"],
        unknown(
            "described_types::WithoutSchema",
            "`described_types::WithoutSchema` does not implement `schemars::JsonSchema`"
        )
    );
    assert_eq!(handler(&document, "read_news")["info"], Value::Null);
    assert_eq!(handler(&document, "say")["info"], Value::Null);
    let refresh = handler(&document, "refresh");
    assert_eq!(refresh["info"]["schema"], json!({ "$ref": "#/schemas/Line" }));
    assert_eq!(
        (&refresh["result"], &refresh["errors"]),
        (&Value::Null, &json!(["described_types::AppError"]))
    );
    assert_eq!(handler(&document, "sub_refresh")["info"], join["info"]);
}

#[test]
fn describes_the_answers_that_open_streams() {
    let document = describe("described_types");
    let answered = handler(&document, "answered_stream");
    let schema = |place: &str| answered[place]["schema"].clone();
    assert_eq!(
        (schema("result"), schema("info"), answered["errors"].clone()),
        (
            json!({ "$ref": "#/schemas/Line" }),
            json!({ "type": "boolean" }),
            json!(["described_types::AppError"])
        )
    );
    assert_eq!(answered["publication"]["type"], "u8");
    let untyped = handler(&document, "typed_stream");
    assert_eq!(
        (&untyped["result"], &untyped["info"], &untyped["publication"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
}

#[test]
fn describes_what_two_way_streams_take() {
    let document = describe("described_types");
    let typed = handler(&document, "typed_stream");
    assert_eq!(
        typed["incoming"]["schema"],
        json!({ "$ref": "#/schemas/LineInput" })
    );
    assert_eq!(
        (&typed["needs"], &typed["data"]),
        (&json!(["client_stream"]), &Value::Null)
    );
    let bytes = handler(&document, "stream_of_bytes");
    assert_eq!(bytes["needs"], json!(["client_stream"]));
    assert_eq!(
        (&bytes["incoming"]["note"], &bytes["incoming"]["optional"]),
        (&json!("bytes, whose format no Rust type describes"), &json!(true))
    );
    assert_eq!(
        handler(&document, "stream_without_schema")["incoming"],
        unknown(
            "described_types::WithoutSchema",
            "`described_types::WithoutSchema` does not implement `schemars::JsonSchema`"
        )
    );
    assert_eq!(
        handler(&document, "stream_of_last_bytes")["incoming"],
        unknown(
            "described_types::LastByte",
            "bytes, whose format no Rust type describes"
        )
    );
    let commands = handler(&document, "stream_of_commands");
    assert_eq!(
        commands["incoming"]["schema"],
        json!({ "$ref": "#/schemas/Command" })
    );
    assert_eq!(handler(&document, "say")["incoming"], Value::Null);
}

fn unknown(type_name: &str, note: &str) -> Value {
    json!({ "type": type_name, "optional": false, "schema": null, "note": note })
}

#[test]
fn says_why_a_type_has_no_schema() {
    let document = describe("described_types");
    let expected = unknown(
        "described_types::WithoutSchema",
        "`described_types::WithoutSchema` does not implement `schemars::JsonSchema`",
    );
    let without = handler(&document, "without_schema");
    assert_eq!((&without["data"], &without["result"]), (&expected, &expected));
    assert_eq!(handler(&document, "score")["item"], expected);
    assert_eq!(document["channels"][1]["item"], expected);
    let bytes = handler(&document, "bytes");
    assert_eq!(
        bytes["data"]["note"],
        "bytes, whose format no Rust type describes"
    );
    assert_eq!(bytes["result"]["note"], bytes["data"]["note"]);
    let unnamed = handler(&document, "unnamed");
    assert_eq!(
        unnamed["result"],
        unknown(
            "Json<impl Serialize>",
            "the type of the reply has no name: it contains `impl`"
        )
    );
    let news = handler(&document, "news");
    assert_eq!(
        (&news["data"], &news["publication"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn describes_channel_types() {
    let document = describe("described_types");
    let chat = entry(&document["channels"], "name", "described_types::Chat");
    assert_eq!(chat["publication"]["schema"], json!({ "$ref": "#/schemas/Line" }));
    assert_eq!(
        (&chat["item"], &chat["docs"]),
        (&Value::Null, &json!("A room of the chat."))
    );
    assert_eq!(
        chat["options"],
        json!({ "history_size": 10, "history_ttl": "1h" })
    );
    let field = json!({ "name": "room", "type": "u32", "rest": false, "after": "" });
    assert_eq!(
        (&chat["fields"], &chat["prefix"]),
        (&json!([field]), &json!("chat:"))
    );
    assert_eq!(handler(&document, "say")["channel"], "described_types::Chat");
}

#[test]
fn describes_errors() {
    let document = describe("described_types");
    let errors = &document["errors"];
    let app = entry(errors, "name", "described_types::AppError");
    assert_eq!(app["docs"], "What goes wrong.");
    let case = |name: &str| entry(&app["cases"], "name", name).clone();
    let expected = json!({
        "name": "NoSuchUser", "docs": "Nobody has this number.", "answer": "error", "code": 404, "message": "no such user",
        "format": null, "temporary": false, "error": null,
    });
    assert_eq!(case("NoSuchUser"), expected);
    let busy = case("Busy");
    assert_eq!(
        (&busy["message"], &busy["format"]),
        (&Value::Null, &json!("slow down, {0}"))
    );
    assert_eq!(
        (&case("Busy")["code"], &case("Busy")["temporary"]),
        (&json!(1001), &json!(true))
    );
    assert_eq!(
        (&case("Banned")["answer"], &case("Banned")["message"]),
        (&json!("disconnect"), &json!("banned"))
    );
    assert_eq!(
        (&case("Database")["answer"], &case("Database")["code"]),
        (&json!("internal"), &json!(100))
    );
    assert_eq!(case("Room")["error"], "described_types::RoomError");
    assert_eq!(case("Other")["error"], Value::Null);
    for (name, code) in [("RoomError", 1002), ("MemberError", 1003), ("UnusedError", 1004)] {
        let error = entry(errors, "name", &format!("described_types::{name}"));
        assert_eq!(error["cases"][0]["code"], code);
    }
    let of_aliases = json!(["described_types::MemberError", "described_types::AppError"]);
    assert_eq!(handler(&document, "aliases")["errors"], of_aliases);
    assert_eq!(handler(&document, "bytes")["errors"], json!([]));
}

#[test]
fn refers_only_to_schemas_that_are_there() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(object) => object.iter().for_each(|(key, value)| match value {
                Value::String(text) if key == "$ref" => found.push(text.clone()),
                value => references(value, found),
            }),
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = describe("described_types");
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 8, "{found:?}");
    for reference in found {
        assert!(
            document.pointer(reference.strip_prefix('#').unwrap()).is_some(),
            "{reference}"
        );
    }
}

#[test]
fn prints_documents_that_fit_their_schema() {
    let schema = include_str!("../../../runtime/docs/description.schema.json");
    let schema = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for program in ["described_types", "all_events", "shared_namespace", "no_handlers"] {
        let mut document = describe(program);
        let errors: Vec<_> = validator
            .iter_errors(&document)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{program}: {errors:#?}");
        // Every schema of a type is a valid one.
        for schema in document["schemas"].as_object().unwrap().values() {
            assert!(jsonschema::meta::is_valid(schema), "{schema:#}");
        }
        document["handler"] = json!([]);
        assert!(!validator.is_valid(&document), "an unknown key is valid");
    }
}

#[test]
fn prints_the_same_document_each_time() {
    assert_eq!(
        describe("described_types").to_string(),
        describe("described_types").to_string()
    );
}

#[test]
fn names_a_type_whose_schema_has_no_end() {
    let output = worker("described_types")
        .env("WORKER_DESCRIBE", "json")
        .env("ENDLESS", "1")
        .output()
        .unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && output.stdout.is_empty(), "{log}");
    assert!(
        log.contains("thread 'JSON Schema of described_types::Endless'"),
        "{log}"
    );
}
