use serde_json::{Value, json};

use crate::config_file::{ConfigFile, Format};

/// Merges `patch` into the values of a text. Returns the new text.
fn edit(text: &str, format: Format, patch: &Value) -> Result<String, String> {
    let file = ConfigFile::parse(text, Some(format)).unwrap();
    let mut new = file.value.clone();
    merge(&mut new, patch);
    file.edited(&new).map_err(|error| error.to_string())
}

fn merge(base: &mut Value, patch: &Value) {
    match (base, patch) {
        (Value::Object(base), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(base.entry(key.as_str()).or_insert(Value::Null), value);
            }
        }
        (Value::Array(base), Value::Array(patch)) => {
            for (index, value) in patch.iter().enumerate() {
                if index == base.len() {
                    base.push(Value::Null);
                }
                if !value.is_null() {
                    merge(&mut base[index], value);
                }
            }
        }
        (base, patch) => *base = patch.clone(),
    }
}

#[track_caller]
fn check(format: Format, text: &str, patch: Value, expected: &str) {
    assert_eq!(edit(text, format, &patch).unwrap(), expected);
}

#[test]
fn json_keeps_order_and_indentation() {
    check(
        Format::Json,
        "{\n    \"rpc\": {\"a\": 1},\n    \"client\": {\n        \"b\":  true\n    },\n    \"list\": [1],\n    \"empty\": {}\n}\n",
        json!({ "rpc": { "b": { "c": 2 } }, "client": { "b": false, "c": { "d": 1 }, "e": [1, 2] }, "list": [1, 2], "empty": { "x": 1 }, "z": null }),
        "{\n    \"rpc\": {\"a\": 1, \"b\": { \"c\": 2 }},\n    \"client\": {\n        \"b\":  false,\n        \"c\": {\n            \"d\": 1\n        },\n        \"e\": [1, 2]\n    },\n    \"list\": [1, 2],\n    \"empty\": {\n        \"x\": 1\n    },\n    \"z\": null\n}\n",
    );
    check(Format::Json, "{}", json!({ "a": 1 }), "{\n  \"a\": 1\n}");
    check(
        Format::Json,
        "{\"a\": 1}",
        json!({ "b": { "c": [] } }),
        "{\"a\": 1, \"b\": { \"c\": [] }}",
    );
    check(
        Format::Json,
        "{\r\n\t\"a\": [\r\n\t\t{\"name\": \"x\"}\r\n\t]\r\n}",
        json!({ "a": [{}, { "name": "y" }] }),
        "{\r\n\t\"a\": [\r\n\t\t{\"name\": \"x\"},\r\n\t\t{\r\n\t\t\t\"name\": \"y\"\r\n\t\t}\r\n\t]\r\n}",
    );
}

#[test]
fn yaml_keeps_comments_order_and_indentation() {
    check(
        Format::Yaml,
        "# top\nclient:   # the clients\n    insecure: true   # why\n    # end of clients\n\nchannel:\n    namespaces:\n        -   name: a   # first\n            presence: yes\n        # between\n        - name: b\n    # after\n# last\n",
        json!({
            "client": { "insecure": false, "proxy": { "connect": { "enabled": true } } },
            "channel": { "namespaces": [{ "history_size": 1 }, { "presence": true }, { "name": "c", "presence": true }], "proxy": {} },
            "rpc": { "x": [1, { "y": 2 }] },
        }),
        "# top\nclient:   # the clients\n    insecure: false   # why\n    proxy:\n      connect:\n        enabled: true\n    # end of clients\n\nchannel:\n    namespaces:\n        -   name: a   # first\n            presence: yes\n            history_size: 1\n        # between\n        - name: b\n          presence: true\n        - name: c\n          presence: true\n    proxy: {}\n    # after\n# last\nrpc:\n  x:\n    - 1\n    - \"y\": 2\n",
    );
}

#[test]
fn yaml_has_many_forms() {
    for (text, patch, expected) in [
        ("", json!({ "a": 1 }), "a: 1\n"),
        ("# only a comment", json!({ "a": 1 }), "# only a comment\na: 1\n"),
        ("---\n", json!({ "a": { "b": 1 } }), "---\na:\n  b: 1\n"),
        ("{}\n", json!({ "a": 1 }), "{ a: 1 }\n"),
        ("a: 1", json!({ "b": 2 }), "a: 1\nb: 2"),
        ("a:\nb: 1\n", json!({ "a": { "c": 1 } }), "a:\n  c: 1\nb: 1\n"),
        (
            "a: # nothing\nb: 1\n",
            json!({ "a": { "c": [1] } }),
            "a: # nothing\n  c:\n    - 1\nb: 1\n",
        ),
        (
            "a: {}\nb: []  # none\n",
            json!({ "a": { "c": 1 }, "b": [{ "d": 1 }] }),
            "a:\n  c: 1\nb:  # none\n  - d: 1\n",
        ),
        ("a:\nb: 1\n", json!({ "a": 2 }), "a: 2\nb: 1\n"),
        ("a: ~\n", json!({ "a": 2 }), "a: 2\n"),
        (
            "a: { b: 1 }\n",
            json!({ "a": { "c": { "d": "x y" } } }),
            "a: { b: 1, c: { d: \"x y\" } }\n",
        ),
        (
            "a: {\n  b: 1, # one\n  c: 2\n}\n",
            json!({ "a": { "d": 3 } }),
            "a: {\n  b: 1, # one\n  c: 2,\n  d: 3\n}\n",
        ),
        ("a: [1, 2]\n", json!({ "a": [1, 2, "3"] }), "a: [1, 2, \"3\"]\n"),
        (
            "a:\n- b: 1\n- b: 2\nc: 1\n",
            json!({ "a": [null, { "d": 1 }, { "b": 3 }] }),
            "a:\n- b: 1\n- b: 2\n  d: 1\n- b: 3\nc: 1\n",
        ),
        (
            "a: |\n  text\n  more\nb: 'x'\n",
            json!({ "b": "y", "c": 1 }),
            "a: |\n  text\n  more\nb: \"y\"\nc: 1\n",
        ),
        (
            "b: 1\na: |\n  text\n  more\n",
            json!({ "c": 1 }),
            "b: 1\na: |\n  text\n  more\nc: 1\n",
        ),
        (
            "a: &x\n  b: 1\nc: 2\n",
            json!({ "a": { "d": 1 } }),
            "a: &x\n  b: 1\n  d: 1\nc: 2\n",
        ),
        (
            "a: &x { b: 1 }\nc:\n  <<: *x\n",
            json!({ "c": { "b": 2, "e": 3 } }),
            "a: &x { b: 1 }\nc:\n  <<: *x\n  b: 2\n  e: 3\n",
        ),
        (
            "\"a\":\n  \"b\": 1\n",
            json!({ "a": { "c": 1 } }),
            "\"a\":\n  \"b\": 1\n  c: 1\n",
        ),
        (
            "a:\r\n  b: 1\r\nc: 1\r\n",
            json!({ "a": { "d": 1 } }),
            "a:\r\n  b: 1\r\n  d: 1\r\nc: 1\r\n",
        ),
        ("é: ü\na: 'ö'\n", json!({ "a": 1, "b": 2 }), "é: ü\na: 1\nb: 2\n"),
        ("a: one\n  two\n", json!({ "b": 2 }), "a: one\n  two\nb: 2\n"),
        (
            "a: [{ b: 1 }]\n",
            json!({ "a": [{ "c": 1 }, { "b": 2 }] }),
            "a: [{ b: 1, c: 1 }, { b: 2 }]\n",
        ),
        (
            "a:\n  -\n    b: 1\n",
            json!({ "a": [{ "c": 1 }, { "b": 2 }] }),
            "a:\n  -\n    b: 1\n    c: 1\n  - b: 2\n",
        ),
        ("{ \"a\": {} }", json!({ "a": { "b": 1 } }), "{ \"a\": { b: 1 } }"),
    ] {
        assert_eq!(
            edit(text, Format::Yaml, &patch).as_deref(),
            Ok(expected),
            "{text}"
        );
    }
    let error = edit(
        "a: &x { b: 1 }\nc: *x\n",
        Format::Yaml,
        &json!({ "c": { "b": 2 } }),
    )
    .unwrap_err();
    assert!(
        error.contains("line 2") && error.contains("`c` is an alias"),
        "{error}"
    );
}

#[test]
fn toml_keeps_comments_order_and_format() {
    check(
        Format::Toml,
        "# top\n[client] # the clients\ninsecure = true # why\nallowed_origins = [\n  \"a\", # first\n]\n\n# namespaces\n[[channel.namespaces]]\nname = \"a\"\n\n[rpc]\nproxy = { endpoint = \"x\" }\n# end\n",
        json!({
            "client": { "insecure": false, "allowed_origins": ["a", "b"], "proxy": { "connect": { "enabled": true } } },
            "channel": { "namespaces": [{ "presence": true }, { "name": "b" }] },
            "rpc": { "proxy": { "timeout": "1s", "grpc": { "tls": true } } },
        }),
        "# top\n[client] # the clients\ninsecure = false # why\nallowed_origins = [\n  \"a\", # first\n  \"b\",\n]\n\n[client.proxy.connect]\nenabled = true\n\n# namespaces\n[[channel.namespaces]]\nname = \"a\"\npresence = true\n\n[[channel.namespaces]]\nname = \"b\"\n\n[rpc]\nproxy = { endpoint = \"x\", grpc = { tls = true }, timeout = \"1s\" }\n# end\n",
    );
    check(
        Format::Toml,
        "client.insecure = true\nchannel.namespaces = [{ name = \"a\" }]\n",
        json!({ "client": { "proxy": { "connect": { "enabled": true } } }, "channel": { "namespaces": [{ "presence": true }, { "name": "b" }] } }),
        "client.insecure = true\nclient.proxy.connect.enabled = true\nchannel.namespaces = [{ name = \"a\", presence = true }, { name = \"b\" }]\n",
    );
    check(Format::Toml, "", json!({ "a": { "b": 1 } }), "[a]\nb = 1\n");
}

#[test]
fn nothing_changes_without_changes() {
    for (format, text) in [
        (Format::Json, "{ \"a\" : [ ] }"),
        (Format::Yaml, "a: [ ]  # x"),
        (Format::Toml, "a=[ ] # x"),
    ] {
        check(format, text, json!({}), text);
    }
}

#[test]
fn refuses_a_file_with_duplicate_keys() {
    let error = edit("{ \"a\": 1,\n\"a\": 2 }", Format::Json, &json!({ "b": 1 })).unwrap_err();
    assert!(
        error.contains("line 2") && error.contains("`a` is there twice"),
        "{error}"
    );
}
