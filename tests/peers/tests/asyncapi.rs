//! The AsyncAPI documents of programs, with AsyncAPI's own parser and HTML template.

use std::path::PathBuf;
use std::process::Command;

use cargo_centrifugo::asyncapi::{Info, document};
use cargo_centrifugo::config_file::{Format, write};
use peers::{describe, script};
use serde_json::{Value, json};

const SHAPES: &str = env!("CARGO_BIN_EXE_shapes");
const CHANNEL_TYPES: &str = env!("CARGO_BIN_EXE_channel_types");
const BACKEND: &str = env!("CARGO_BIN_EXE_backend");
const DIRECT: &str = env!("CARGO_BIN_EXE_direct");

fn document_of(program: &str) -> Value {
    document(&describe(program, &[]), &Info::new("app")).expect("a document")
}

/// A file that is removed on drop.
struct TemporaryFile(PathBuf);

impl TemporaryFile {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("{}-{name}", std::process::id()));
        std::fs::write(&path, text).expect("a file");
        Self(path)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Returns the errors and warnings of the parser, and what it has found in the document.
fn parse(name: &str, document: &Value, format: Format) -> (Vec<String>, Option<Value>) {
    let file = TemporaryFile::new(name, &write(document, format));
    let output = script("asyncapi.mjs", &[&file.0.to_string_lossy()]);
    let (found, diagnostics): (Vec<_>, Vec<_>) = output.lines().partition(|line| line.starts_with('{'));
    let found = found
        .first()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    (diagnostics.into_iter().map(str::to_owned).collect(), found)
}

#[test]
fn the_parser_finds_nothing_wrong_in_the_documents_of_all_programs() {
    for (program, name) in [
        (SHAPES, "shapes"),
        (CHANNEL_TYPES, "channel_types"),
        (BACKEND, "backend"),
        (DIRECT, "direct"),
    ] {
        let document = document_of(program);
        for (format, extension) in [(Format::Yaml, "yaml"), (Format::Json, "json")] {
            let (diagnostics, found) = parse(&format!("{name}.{extension}"), &document, format);
            assert_eq!(diagnostics, [""; 0], "{program}");
            let found = found.expect("a document");
            let count = |key: &str| document[key].as_object().map_or(0, serde_json::Map::len);
            assert_eq!(
                found["channels"].as_array().map(Vec::len),
                Some(count("channels"))
            );
            let operations = found["receives"].as_u64().unwrap_or(0) + found["sends"].as_u64().unwrap_or(0);
            assert_eq!(operations, count("operations") as u64);
        }
    }
}

#[test]
fn the_parser_finds_channels_operations_and_schemas_of_all_shapes() {
    let (_, found) = parse("found.yaml", &document_of(SHAPES), Format::Yaml);
    let found = found.expect("a document");
    let channels = [
        "chat:{room}",
        "scores:{game}:{rest}",
        "news:{wildcard}",
        "shapes/{name}",
        "pair",
        "files/{path}",
        "nothing",
    ];
    let all: Vec<_> = found["channels"]
        .as_array()
        .expect("channels")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for channel in channels {
        assert!(all.contains(&channel), "{channel} in {all:?}");
    }
    assert_eq!(
        (&found["receives"], &found["sends"], &found["replies"]),
        (&json!(8), &json!(2), &json!(6))
    );
    let schemas = found["schemas"].to_string();
    for schema in [
        "AppError", "External", "Internal", "Adjacent", "Untagged", "Nested", "Line", "NewLine", "Login",
    ] {
        assert!(
            schemas.contains(&format!("\"{schema}\"")),
            "{schema} in {schemas}"
        );
    }
}

#[test]
fn the_parser_finds_what_is_wrong() {
    let mut document = document_of(SHAPES);
    document["operations"]["rpc_pair"]["channel"]["$ref"] = "#/channels/missing".into();
    let (diagnostics, _) = parse("wrong.yaml", &document, Format::Yaml);
    assert!(!diagnostics.is_empty());
}

#[test]
#[ignore = "installs 410 MB of packages, which takes minutes: cargo test -p peers --test asyncapi -- --ignored"]
fn the_html_template_renders_all_operations() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("js/asyncapi-html");
    let npm = [
        "install",
        "--ignore-scripts",
        "--no-package-lock",
        "--no-audit",
        "--no-fund",
    ];
    let status = Command::new("npm")
        .current_dir(&folder)
        .args(npm)
        .status()
        .expect("npm");
    assert!(status.success(), "`npm install` failed");
    let document = document_of(SHAPES);
    let file = TemporaryFile::new("html.yaml", &write(&document, Format::Yaml));
    let output = Command::new("node")
        .current_dir(&folder)
        .arg("render.mjs")
        .arg(&file.0)
        .output()
        .expect("node");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for operation in document["operations"].as_object().expect("operations").keys() {
        assert!(
            text.contains(&format!("Operation ID {operation} ")),
            "{operation} in {text}"
        );
    }
    for part in ["A room of the chat.", "no such user", "Says something in a room."] {
        assert!(text.contains(part), "{part} in {text}");
    }
}
