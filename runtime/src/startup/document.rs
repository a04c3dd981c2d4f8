//! The part of the document of `WORKER_DESCRIBE=json` that needs no settings. `docs/description.schema.json` is its JSON Schema.

use serde::Serialize;
use serde_json::{Map, Value};

use super::channel_types::linked_channel_types;
use super::described_channels::{ChannelDescription, type_path};
use super::described_types::{HandlerTypes, TypeDescriptions};
use super::routes::linked_routes;
use crate::handler::{OtherNeed, Route};

/// The version of the document. It grows when a reader of the last version would misread the document, and not when keys are
/// added.
const VERSION: u32 = 1;

/// The features of this crate that programs can have.
const FEATURES: &[(&str, bool)] = &[
    ("api", cfg!(feature = "api")),
    ("grpc", cfg!(feature = "grpc")),
    ("http", cfg!(feature = "http")),
    ("logging", cfg!(feature = "logging")),
    ("metrics", cfg!(feature = "metrics")),
    ("otel", cfg!(feature = "otel")),
    ("prometheus", cfg!(feature = "prometheus")),
    ("protobuf", cfg!(feature = "protobuf")),
    ("rate-limit", cfg!(feature = "rate-limit")),
    ("schema", cfg!(feature = "schema")),
    ("testing", cfg!(feature = "testing")),
    ("tls", cfg!(feature = "tls")),
    ("tls-aws-lc-rs", cfg!(feature = "tls-aws-lc-rs")),
    ("tls-ring", cfg!(feature = "tls-ring")),
    ("token", cfg!(feature = "token")),
];

#[derive(Serialize)]
struct Document {
    version: u32,
    handlers: Vec<HandlerDescription>,
    channels: Vec<ChannelDescription>,
    /// The error types, or `None` without the feature `schema`.
    errors: Option<Value>,
    /// The definitions that the schemas refer to, or `None` without the feature `schema`.
    schemas: Option<Map<String, Value>>,
    features: Vec<&'static str>,
}

#[derive(Serialize)]
struct HandlerDescription {
    event: &'static str,
    pattern: Option<&'static str>,
    /// The path of the channel type that the attribute names.
    channel: Option<String>,
    handler: String,
    takes: &'static [&'static str],
    returns: &'static str,
    file: &'static str,
    line: u32,
    docs: &'static str,
    /// The function of the handler's own layer.
    layer: Option<&'static str>,
    /// The time limit of the attribute in milliseconds.
    timeout_ms: Option<u64>,
    needs: Vec<&'static str>,
    #[serde(flatten)]
    types: HandlerTypes,
}

impl HandlerDescription {
    fn new(route: &Route, types: &mut TypeDescriptions) -> Self {
        let needs = [
            (OtherNeed::ClientStream, "client_stream"),
            (OtherNeed::ConnectionMeta, "connection_meta"),
        ];
        Self {
            event: route.kind.name(),
            pattern: route.pattern,
            channel: route.channel_type.map(type_path),
            handler: route.info().path(),
            takes: route.takes,
            returns: route.returns,
            file: route.file,
            line: route.line,
            docs: route.docs,
            layer: route.handler.layer(),
            timeout_ms: route
                .timeout
                .map(|timeout| u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX)),
            needs: needs
                .into_iter()
                .filter(|(need, _)| route.needs(*need))
                .map(|(_, name)| name)
                .collect(),
            types: types.handler(route),
        }
    }
}

/// Describes all linked crates. The server adds its endpoint and the configurations.
pub(crate) fn describe_program() -> Map<String, Value> {
    let mut types = TypeDescriptions::default();
    let mut handlers: Vec<_> = linked_routes()
        .into_iter()
        .map(|route| HandlerDescription::new(route, &mut types))
        .collect();
    let mut channels: Vec<_> = linked_channel_types()
        .into_iter()
        .map(|info| ChannelDescription::new(info, &mut types))
        .collect();
    let errors = types.errors();
    let (schemas, renamed) = types.finish();
    handlers
        .iter_mut()
        .for_each(|handler| handler.types.rename(&renamed));
    channels
        .iter_mut()
        .for_each(|channel| channel.types.rename(&renamed));
    let document = Document {
        version: VERSION,
        handlers,
        channels,
        errors,
        schemas,
        features: FEATURES
            .iter()
            .filter(|(_, is_built)| *is_built)
            .map(|(name, _)| *name)
            .collect(),
    };
    match serde_json::to_value(&document) {
        Ok(Value::Object(document)) => document,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_every_feature() {
        let manifest = include_str!("../../Cargo.toml");
        let (_, features) = manifest.split_once("\n[features]\n").unwrap();
        let (features, _) = features.split_once("\n[").unwrap();
        let mut declared: Vec<_> = features
            .lines()
            .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
            .filter_map(|line| Some(line.split_once(" = ")?.0))
            .filter(|name| *name != "default")
            .collect();
        declared.sort_unstable();
        let known: Vec<_> = FEATURES.iter().map(|(name, _)| *name).collect();
        assert_eq!(known, declared);
    }
}
