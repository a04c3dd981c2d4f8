//! The checked-in code matches the .proto files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use prost_types::field_descriptor_proto::Type;
use prost_types::{DescriptorProto, FileDescriptorSet};

#[test]
fn generated_code_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    fs::create_dir_all(&out).unwrap();
    for name in ["proxy", "api"] {
        let files =
            protox::compile([root.join(format!("proto/{name}.proto"))], [root.join("proto")]).unwrap();
        let mut config = prost_build::Config::new();
        config.bytes(["."]).btree_map(["."]).out_dir(&out);
        if name == "api" {
            json(&mut config, &files);
        }
        config.compile_fds(files).unwrap();
        let fresh = fs::read_to_string(out.join(format!("centrifugal.centrifugo.{name}.rs"))).unwrap();
        let checked_in = root.join(format!("src/generated/{name}.rs"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&checked_in, &fresh).unwrap();
        }
        let current = fs::read_to_string(&checked_in).unwrap_or_default();
        assert!(
            fresh == current,
            "src/generated/{name}.rs is not what proto/{name}.proto gives: run `BLESS=1 cargo test -p centrifugo-proto --test regenerate`"
        );
    }
}

/// Derives the JSON encoding of Centrifugo's HTTP API: `Serialize` for requests and `Deserialize` for responses.
fn json(config: &mut prost_build::Config, files: &FileDescriptorSet) {
    let messages: BTreeMap<String, &DescriptorProto> = files
        .file
        .iter()
        .flat_map(|file| {
            let prefix = format!(".{}", file.package());
            file.message_type
                .iter()
                .map(move |message| (format!("{prefix}.{}", message.name()), message))
        })
        .collect();
    for (ending, derived) in [
        ("Request", "serde::Serialize"),
        ("Response", "serde::Deserialize"),
    ] {
        let roots = messages.keys().filter(|name| name.ends_with(ending));
        for name in reachable_messages(roots, &messages) {
            config.type_attribute(
                &name,
                format!("#[cfg_attr(feature = \"json\", derive({derived}))]"),
            );
            if ending == "Response" {
                config.type_attribute(&name, "#[cfg_attr(feature = \"json\", serde(default))]");
            }
            for field in &messages[&name].field {
                let path = format!("{name}.{}", field.name());
                if ending == "Request" {
                    config.field_attribute(
                        &path,
                        "#[cfg_attr(feature = \"json\", serde(skip_serializing_if = \"crate::json::is_default\"))]",
                    );
                }
                let how = match (ending, field.r#type()) {
                    ("Request", Type::Bytes) => "serialize_with = \"crate::json::write_raw\"",
                    ("Response", Type::Bytes) => "deserialize_with = \"crate::json::read_raw\"",
                    ("Response", _) => "deserialize_with = \"crate::json::null_is_default\"",
                    _ => continue,
                };
                config.field_attribute(&path, format!("#[cfg_attr(feature = \"json\", serde({how}))]"));
            }
        }
    }
}

/// Returns the messages that the roots contain, including the roots.
fn reachable_messages<'a>(
    roots: impl Iterator<Item = &'a String>,
    messages: &BTreeMap<String, &DescriptorProto>,
) -> BTreeSet<String> {
    let mut waiting: Vec<String> = roots.cloned().collect();
    let mut seen = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        let Some(message) = messages.get(&name) else {
            continue;
        };
        if seen.insert(name) {
            let entries = message.nested_type.iter().flat_map(|entry| &entry.field);
            waiting.extend(
                message
                    .field
                    .iter()
                    .chain(entries)
                    .map(|field| field.type_name().to_owned()),
            );
        }
    }
    seen
}
