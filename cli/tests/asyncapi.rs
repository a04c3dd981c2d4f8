//! `cargo centrifugo asyncapi`, with files.

#![cfg(feature = "cli")]

mod support;

use support::Folder;

const PROGRAM: &str = r##"{
  "version": 1, "channels": [], "errors": [], "schemas": { "Line": { "type": "string" } }, "features": ["schema"], "handler_timeout_ms": 10000,
  "handlers": [{
    "event": "rpc", "pattern": "user/get", "channel": null, "handler": "app::get", "takes": [], "returns": "()", "file": "src/main.rs",
    "line": 7, "docs": "Gets a user.", "timeout_ms": null, "needs": [], "data": null, "meta": null,
    "result": { "type": "app::Line", "optional": false, "schema": { "$ref": "#/schemas/Line" } }, "publication": null, "item": null, "errors": []
  }],
  "endpoint": null, "configuration": { "centrifugo": null, "roadrunner": { "rr": {}, "centrifugo": {} } }
}"##;

#[test]
fn prints_a_document_in_each_format() {
    let folder = Folder::with_program(PROGRAM);
    let run = folder.run(&["asyncapi"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(
        run.stdout
            .starts_with("asyncapi: \"3.0.0\"\ninfo:\n  title: program\n"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("    address: user/get\n"), "{}", run.stdout);
    let run = folder.run(&[
        "asyncapi",
        "--format",
        "json",
        "--title",
        "Chat",
        "--api-version",
        "2.1.0",
        "--server",
        "wss://example.org/x",
    ]);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(
        (&document["info"]["title"], &document["info"]["version"]),
        (&"Chat".into(), &"2.1.0".into())
    );
    assert_eq!(document["servers"]["centrifugo"]["host"], "example.org");
    let run = folder.run(&["asyncapi", "--server", "example.org"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("`example.org` is no URL of Centrifugo"),
        "{}",
        run.stderr
    );
}

#[test]
fn writes_a_file_and_says_when_it_is_outdated() {
    let folder = Folder::with_program(PROGRAM);
    let check = ["asyncapi", "--out", "asyncapi.json", "--check"];
    assert_eq!(folder.run(&check).code, Some(1));
    assert_eq!(folder.run(&["asyncapi", "--out", "asyncapi.json"]).code, Some(0));
    assert!(
        folder
            .read("asyncapi.json")
            .starts_with("{\n  \"asyncapi\": \"3.0.0\"")
    );
    assert_eq!(folder.run(&check).code, Some(0));
    let program = folder.read("description.json");
    folder.write("description.json", &program.replace("user/get", "user/find"));
    let run = folder.run(&check);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr
            .contains("the file differs from what the program would give"),
        "{}",
        run.stderr
    );
}

#[test]
fn says_that_schemas_are_missing() {
    let folder = Folder::with_program(PROGRAM);
    let program = folder.read("description.json");
    folder.write(
        "description.json",
        &program.replace("{ \"Line\": { \"type\": \"string\" } }", "null"),
    );
    let run = folder.run(&["asyncapi"]);
    assert_eq!(run.code, Some(0));
    assert!(
        run.stderr.contains("build the program with the feature `schema`"),
        "{}",
        run.stderr
    );
}
