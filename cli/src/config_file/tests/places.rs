use serde_json::json;

use crate::config_file::{ConfigFile, ConfigPath, Format};

const JSON: &str = r#"{
  "client": {
    "allowed_origins": ["a",
      "b"]
  },
  "channel": { "namespaces": [
    { "name": "chat",
      "presence": true }
  ] }
}
"#;

const YAML: &str = r#"# A comment.
client:
  allowed_origins:
    - a
    - "b"
channel:
  namespaces:
    - name: chat
      presence: true
"#;

const TOML: &str = r#"# A comment.
client.allowed_origins = ["a",
  'b']

[[channel.namespaces]]
name = "chat"
presence = true
"#;

#[test]
fn all_formats_hold_the_same_values_with_their_lines() {
    let expected = json!({
        "client": { "allowed_origins": ["a", "b"] },
        "channel": { "namespaces": [{ "name": "chat", "presence": true }] },
    });
    for (text, format, lines) in [
        (JSON, Format::Json, [2, 3, 4, 6, 7, 8]),
        (YAML, Format::Yaml, [2, 3, 5, 7, 8, 9]),
        (TOML, Format::Toml, [2, 2, 3, 5, 5, 7]),
    ] {
        let file = ConfigFile::parse(text, None).unwrap();
        assert_eq!((file.format, &file.value), (format, &expected));
        let paths = [
            "client",
            "client.allowed_origins",
            "client.allowed_origins[1]",
            "Channel.namespaces",
            "channel.namespaces[0]",
            "channel.namespaces[0].presence",
        ];
        let found = paths.map(|path| file.line_of(&ConfigPath::parse(path)));
        assert_eq!(found, lines.map(Some), "{format}");
        for path in [
            "server",
            "client.x",
            "client[0]",
            "channel.namespaces[1]",
            "client.allowed_origins.a",
        ] {
            assert_eq!(file.line_of(&ConfigPath::parse(path)), None, "{path}");
        }
        let missing = ConfigPath::parse("channel.namespaces[0].history_size");
        assert_eq!(file.nearest_line_of(&missing), Some(lines[4]));
        assert_eq!(file.text(), text);
    }
}

#[test]
fn an_empty_file_is_an_empty_object() {
    for format in [Format::Yaml, Format::Toml] {
        let file = ConfigFile::parse("# nothing\n", Some(format)).unwrap();
        assert_eq!(file.value, json!({}));
        assert_eq!(file.line_of(&ConfigPath::parse("a")), None);
    }
}

#[test]
fn aliases_and_merge_keys_stand_for_their_values() {
    let text = "base: &base { endpoint: x, timeout: 1s }\na: *base\nb:\n  <<: *base\n  timeout: 2s\nc:\n  <<: [{ d: 1 }, *base]\n1: !!str 2\n";
    let file = ConfigFile::parse(text, Some(Format::Yaml)).unwrap();
    let base = json!({ "endpoint": "x", "timeout": "1s" });
    let expected = json!({
        "base": base, "a": base, "b": { "endpoint": "x", "timeout": "2s" },
        "c": { "d": 1, "endpoint": "x", "timeout": "1s" }, "1": "2",
    });
    assert_eq!(file.value, expected);
    assert_eq!(file.line_of(&ConfigPath::parse("b.endpoint")), Some(4));
}

#[test]
fn names_keys_that_differ_in_case_only_and_duplicates_of_json() {
    let file = ConfigFile::parse("{\n\"a\": 1,\n\"b\": {\"c\": 1,\n\"c\": 2},\n\"A\": 3}", None).unwrap();
    let found: Vec<_> = file
        .duplicates
        .iter()
        .map(|duplicate| (duplicate.path.to_string(), duplicate.first_line, duplicate.line))
        .collect();
    let expected = [
        ("b.c".to_owned(), Some(3), Some(4)),
        ("A".to_owned(), Some(2), Some(5)),
    ];
    assert_eq!(found, expected);
    assert_eq!(file.value["b"]["c"], 2);
    let yaml = ConfigFile::parse("a: 1\nA: 2\n", None).unwrap();
    assert_eq!(yaml.duplicates.len(), 1);
}
