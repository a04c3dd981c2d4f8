//! Describes channel types.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::described_types::{ChannelTypeDescriptions, TypeDescriptions};
use crate::channel::{ChannelInfo, ChannelOption, OptionValue};

/// The description of a channel type.
#[derive(Serialize)]
pub(super) struct ChannelDescription {
    name: String,
    pattern: &'static str,
    prefix: &'static str,
    fields: Vec<FieldDescription>,
    file: &'static str,
    line: u32,
    docs: &'static str,
    #[serde(serialize_with = "options")]
    options: &'static [ChannelOption],
    #[serde(flatten)]
    pub(super) types: ChannelTypeDescriptions,
}

#[derive(Serialize)]
struct FieldDescription {
    name: &'static str,
    #[serde(rename = "type")]
    type_name: &'static str,
    rest: bool,
    after: &'static str,
}

impl ChannelDescription {
    pub(super) fn new(info: &'static ChannelInfo, types: &mut TypeDescriptions) -> Self {
        Self {
            name: type_path(info),
            pattern: info.pattern,
            prefix: info.prefix,
            fields: info
                .fields
                .iter()
                .map(|field| FieldDescription {
                    name: field.name,
                    type_name: field.type_name,
                    rest: field.is_rest,
                    after: field.after,
                })
                .collect(),
            file: info.file,
            line: info.line,
            docs: info.docs,
            options: info.options,
            types: types.channel(info),
        }
    }
}

/// Returns the path of a channel type.
pub(super) fn type_path(info: &ChannelInfo) -> String {
    format!("{}::{}", info.module, info.name)
}

fn options<S: Serializer>(options: &&'static [ChannelOption], serializer: S) -> Result<S::Ok, S::Error> {
    let options: Map<String, Value> = options
        .iter()
        .map(|option| {
            let value = match option.value {
                OptionValue::Bool(value) => value.into(),
                OptionValue::Int(value) => value.into(),
                OptionValue::Text(value) => value.into(),
                OptionValue::List(values) => values.into(),
            };
            (option.name.to_owned(), value)
        })
        .collect();
    options.serialize(serializer)
}
