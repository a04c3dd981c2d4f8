//! Writes values as text.

mod json;
mod key_order;
mod toml;
mod yaml;

use serde_json::Value;

use super::Format;

pub(super) use json::{json_block, json_line};
pub(super) use key_order::sorted;
pub(super) use toml::{toml_item, toml_value};
pub(super) use yaml::{yaml_block, yaml_flow, yaml_key};

/// Returns the text of a new file. The value is an object without nulls.
pub fn write(value: &Value, format: Format) -> String {
    match format {
        Format::Json => format!("{}\n", json_block(value, "", "  ", "\n")),
        Format::Yaml => match value.as_object() {
            Some(object) if object.is_empty() => "{}\n".to_owned(),
            _ => format!("{}\n", yaml_block(value, "", "\n")),
        },
        Format::Toml => toml::document(value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config_file::ConfigFile;

    #[test]
    fn writes_each_format() {
        let value = json!({
            "http_server": { "port": 8000 },
            "client": { "allowed_origins": ["http://localhost:*"], "proxy": { "connect": { "endpoint": "grpc://[::1]:1", "enabled": true } } },
            "channel": { "namespaces": [{ "presence": true, "name": "chat" }, { "name": "true" }], "without_namespace": {} },
        });
        let json = r#"{
  "http_server": {
    "port": 8000
  },
  "client": {
    "allowed_origins": ["http://localhost:*"],
    "proxy": {
      "connect": {
        "enabled": true,
        "endpoint": "grpc://[::1]:1"
      }
    }
  },
  "channel": {
    "namespaces": [
      {
        "name": "chat",
        "presence": true
      },
      {
        "name": "true"
      }
    ],
    "without_namespace": {}
  }
}
"#;
        let yaml = r#"http_server:
  port: 8000
client:
  allowed_origins:
    - "http://localhost:*"
  proxy:
    connect:
      enabled: true
      endpoint: "grpc://[::1]:1"
channel:
  namespaces:
    - name: chat
      presence: true
    - name: "true"
  without_namespace: {}
"#;
        let toml = r#"[http_server]
port = 8000

[client]
allowed_origins = ["http://localhost:*"]

[client.proxy.connect]
enabled = true
endpoint = "grpc://[::1]:1"

[[channel.namespaces]]
name = "chat"
presence = true

[[channel.namespaces]]
name = "true"

[channel.without_namespace]
"#;
        for (format, expected) in [(Format::Json, json), (Format::Yaml, yaml), (Format::Toml, toml)] {
            let text = write(&value, format);
            assert_eq!(text, expected);
            assert_eq!(ConfigFile::parse(&text, Some(format)).unwrap().value, value);
        }
    }
}
