//! Takes the place of `described_types.rs` in programs without the feature `schema`: every type is unknown.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::channel::ChannelInfo;
use crate::handler::Route;

/// Describes types.
#[derive(Default)]
pub(super) struct TypeDescriptions {}

/// The types of a handler.
#[derive(Default, Serialize)]
pub(super) struct HandlerTypes {
    data: (),
    meta: (),
    incoming: (),
    result: (),
    info: (),
    publication: (),
    item: (),
    errors: (),
}

/// The types of a channel type.
#[derive(Default, Serialize)]
pub(super) struct ChannelTypeDescriptions {
    publication: Option<UnknownType>,
    item: Option<UnknownType>,
}

/// A type of which only the name in the attribute is known.
#[derive(Serialize)]
struct UnknownType {
    #[serde(rename = "type")]
    type_name: &'static str,
    optional: bool,
    schema: (),
    note: &'static str,
}

impl TypeDescriptions {
    pub(super) fn handler(&mut self, _: &Route) -> HandlerTypes {
        HandlerTypes::default()
    }

    pub(super) fn channel(&mut self, info: &ChannelInfo) -> ChannelTypeDescriptions {
        let unknown = |type_name| UnknownType {
            type_name,
            optional: false,
            schema: (),
            note: "the program is built without the feature `schema`",
        };
        ChannelTypeDescriptions {
            publication: info.publication.map(unknown),
            item: info.item.map(unknown),
        }
    }

    pub(super) fn errors(&self) -> Option<Value> {
        None
    }

    pub(super) fn finish(self) -> (Option<Map<String, Value>>, ()) {
        (None, ())
    }
}

impl HandlerTypes {
    pub(super) fn rename(&mut self, (): &()) {}
}

impl ChannelTypeDescriptions {
    pub(super) fn rename(&mut self, (): &()) {}
}
