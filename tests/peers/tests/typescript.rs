//! Clients that `cargo centrifugo client` makes: compiled by `tsc`, and run with centrifuge-js and the real Centrifugo.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_centrifugo::description::Description;
use cargo_centrifugo::typescript::javascript_client;
use peers::{Chat, ClientUrl as _, DirectSetup, Transport, script, tsc, workspace_program};
use serde_json::json;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../worker/golden")
        .join(name)
}

/// Creates an empty folder for the files of a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("package.json"), r#"{ "type": "module" }"#).expect("a file");
    folder
}

/// Copies the clients, with code that uses them, and compiles them with the strictest options.
fn compile(name: &str, clients: &[(&str, &str)], arguments: &[&str]) -> PathBuf {
    let folder = folder(name);
    let js = Path::new(env!("CARGO_MANIFEST_DIR")).join("js/typescript");
    let own = ["usage.ts", "tsconfig.json"].map(|name| (js.join(name), name));
    let clients = clients.iter().map(|(from, to)| (golden(from), *to));
    for (from, to) in own.into_iter().chain(clients) {
        fs::copy(from, folder.join(to)).expect("a copy");
    }
    let (is_ok, seen) = tsc(&folder, &[&["-p", "."][..], arguments].concat());
    assert!(is_ok, "{seen}");
    folder
}

#[test]
fn compiles_with_the_strictest_options() {
    compile(
        "compiled-typescript",
        &[("data_shapes.ts", "api.ts")],
        &["--noEmit"],
    );
    let types = [("data_shapes.js", "api.js"), ("data_shapes.d.ts", "api.d.ts")];
    let folder = compile("compiled-javascript", &types, &["--noEmit"]);
    // Each line of the usage that must not compile is one that compiles without the types.
    fs::write(
        folder.join("api.d.ts"),
        "export const Api: any, channelName: any, errorCodes: any, isError: any, isPublication: any;",
    )
    .expect("a file");
    let (is_ok, seen) = tsc(&folder, &["-p", ".", "--noEmit"]);
    assert!(!is_ok, "{seen}");
    let unused = seen.matches("Unused '@ts-expect-error' directive").count();
    assert!(unused > 10, "{unused}\n{seen}");
}

#[test]
fn talks_to_the_backend_with_types() {
    let program = workspace_program("data_shapes");
    let compiled = compile("run-typescript", &[("data_shapes.ts", "api.ts")], &[]);
    for client in [golden("data_shapes.js"), compiled.join("api.js")] {
        let pair = DirectSetup::new(&program.display().to_string(), Transport::Grpc)
            // The printed configuration leaves it empty.
            .centrifugo(json!({ "shared_poll": { "hmac_secret_key": "a secret of the test" } }))
            .start();
        let seen = script("typed_client.mjs", &[&pair.url(), &client.display().to_string()]);
        let expected = r#"methods user name 7
files ["a","b/c-d"]
optional false true [1]
refused the values do not fit the method `files/{folder}-{path*}`: `files/a-b-c` would be read as other values
files:a-b:c rpc:all scores:false
error true false no such user
unsubscribed true the room is full
publication chat:1 {"text":"hello","by":"app"}
history ["hello"]
presence [["ann",{"display_name":"ANN"},{"is_moderator":true}]]
answer of the stream {"firstName":"all"}
presence of the stream [{"is_moderator":true}]
stream {"text":"HELLO","by":"all"}
update ann {"firstName":"Ann"}
number 7
disconnected true
"#;
        assert_eq!(seen, expected, "{}", client.display());
    }
}

#[test]
fn the_page_of_the_chat_has_no_type_error() {
    let (is_ok, seen) = tsc(&page("checked-page"), &["-p", "."]);
    assert!(is_ok, "{seen}");
}

#[test]
fn a_field_that_is_renamed_in_rust_is_an_error_in_the_page() {
    let output = Command::new(Chat::binary())
        .env("WORKER_DESCRIBE", "json")
        .output()
        .expect("the chat");
    let described = String::from_utf8(output.stdout).expect("text");
    let description = Description::parse(&described).expect("a description");
    let folder = page("renamed-field");
    let write = |description: &Description| {
        let client = javascript_client(description);
        fs::write(folder.join("api.d.ts"), client.declarations).expect("a file");
    };
    write(&description);
    assert_eq!(tsc(&folder, &["-p", "."]), (true, String::new()));

    for (type_name, field, file) in [
        ("Message", "text", "view.js"),
        ("RoomSummary", "people", "view.js"),
        ("Profile", "is_moderator", "chat.js"),
        ("Login", "secret", "chat.js"),
        ("Line", "text", "chat.js"),
        ("MessageQuery", "before", "chat.js"),
        ("Mention", "room", "chat.js"),
        ("Card", "name", "chat.js"),
    ] {
        let mut renamed = description.clone();
        rename(&mut renamed, type_name, field);
        write(&renamed);
        let (is_ok, seen) = tsc(&folder, &["-p", "."]);
        let names_field = seen.lines().any(|line| {
            line.starts_with(file) && line.contains(&format!("'{field}'")) && line.contains(type_name)
        });
        assert!(!is_ok && names_field, "{type_name}.{field}:\n{seen}");
    }
}

/// Copies the page of the chat.
fn page(name: &str) -> PathBuf {
    let folder = folder(name);
    for entry in fs::read_dir(Chat::folder().join("page")).expect("the page") {
        let entry = entry.expect("a file");
        if entry.file_type().expect("a type").is_file() {
            fs::copy(entry.path(), folder.join(entry.file_name())).expect("a copy");
        }
    }
    // The copy finds the packages through its own link.
    let path = folder.join("tsconfig.json");
    let config = fs::read_to_string(&path).expect("options");
    fs::write(&path, config.replace("../../../tests/peers/js/", "./")).expect("options");
    folder
}

/// Renames a field as in Rust: in the properties and in the list of those that are required.
fn rename(description: &mut Description, type_name: &str, field: &str) {
    let schemas = description.schemas.as_mut().expect("schemas");
    let schema = schemas.get_mut(type_name).expect("the type");
    let properties = schema["properties"].as_object_mut().expect("properties");
    let property = properties.remove(field).expect("the field");
    properties.insert("renamed".to_owned(), property);
    for name in schema
        .get_mut("required")
        .and_then(|names| names.as_array_mut())
        .into_iter()
        .flatten()
    {
        if name == field {
            *name = "renamed".into();
        }
    }
}
