//! Describes the types of handlers and channel types.

use serde::Serialize;
use serde_json::{Map, Value};

use super::described_errors::{ErrorDescriptions, error_path};
use super::schemas::{Direction, RenamedSchemas, Schemas};
use crate::channel::ChannelInfo;
use crate::event::Kind;
use crate::handler::Route;
use crate::schema::{JsonRole, TypeParts};

/// Describes types, and collects the schemas and the errors that they refer to.
#[derive(Default)]
pub(super) struct TypeDescriptions {
    schemas: Schemas,
    errors: ErrorDescriptions,
}

/// The types of a handler.
#[derive(Default, Serialize)]
pub(super) struct HandlerTypes {
    data: Option<TypeDescription>,
    meta: Option<TypeDescription>,
    incoming: Option<TypeDescription>,
    result: Option<TypeDescription>,
    info: Option<TypeDescription>,
    publication: Option<TypeDescription>,
    item: Option<TypeDescription>,
    /// The paths of the error types that the answer can come from.
    errors: Vec<String>,
}

/// The types of a channel type.
#[derive(Serialize)]
pub(super) struct ChannelTypeDescriptions {
    publication: Option<TypeDescription>,
    item: Option<TypeDescription>,
}

#[derive(Serialize)]
struct TypeDescription {
    #[serde(rename = "type")]
    type_name: String,
    optional: bool,
    schema: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip)]
    direction: Direction,
}

impl TypeDescriptions {
    pub(super) fn handler(&mut self, route: &Route) -> HandlerTypes {
        let mut types = HandlerTypes::default();
        self.arguments(route.types.arguments, &mut types);
        match &route.types.reply {
            Some(reply) => self.reply(route, reply, &mut types),
            None if route.kind == Kind::Rpc => {
                types.result = Some(TypeDescription::unknown(
                    route.returns,
                    "the type of the reply has no name: it contains `impl`",
                ));
            }
            None => {}
        }
        if let Some(info) = &route.types.info {
            types.info = self.describe(info, Direction::Output).map(|(_, info)| info);
        }
        types
    }

    pub(super) fn channel(&mut self, info: &ChannelInfo) -> ChannelTypeDescriptions {
        let mut describe =
            |parts: &Option<TypeParts>| Some(self.describe(parts.as_ref()?, Direction::Output)?.1);
        ChannelTypeDescriptions {
            publication: describe(&info.types.publication),
            item: describe(&info.types.item),
        }
    }

    pub(super) fn errors(&self) -> Option<Value> {
        Some(self.errors.describe())
    }

    pub(super) fn finish(self) -> (Option<Map<String, Value>>, RenamedSchemas) {
        let (schemas, renamed) = self.schemas.finish();
        (Some(schemas), renamed)
    }

    fn arguments(&mut self, arguments: &[TypeParts], types: &mut HandlerTypes) {
        for parts in arguments {
            self.error(parts, types);
            if let Some((role, description)) = self.describe(parts, Direction::Input) {
                let place = match role {
                    JsonRole::Meta => &mut types.meta,
                    JsonRole::Incoming | JsonRole::IncomingBytes => &mut types.incoming,
                    _ => &mut types.data,
                };
                // If several arguments take the data, the first one with a schema describes it.
                if place.as_ref().is_none_or(|known| known.schema.is_none()) {
                    *place = Some(description);
                }
            }
            self.arguments(parts.fields, types);
        }
    }

    fn reply(&mut self, route: &Route, parts: &TypeParts, types: &mut HandlerTypes) {
        self.error(parts, types);
        match self.describe(parts, Direction::Output) {
            Some((JsonRole::Publication, description)) => types.publication = Some(description),
            Some((JsonRole::Item, description)) => types.item = Some(description),
            Some((JsonRole::Value | JsonRole::Bytes, description)) => types.result = Some(description),
            Some(_) => {}
            None if route.kind == Kind::Rpc => {
                let note = "the type of the reply does not say what it carries";
                types.result = Some(TypeDescription::unknown(route.returns, note));
            }
            None => {}
        }
    }

    fn error(&mut self, parts: &TypeParts, types: &mut HandlerTypes) {
        if let Some(info) = parts.error {
            self.errors.add(info);
            let path = error_path(info);
            if !types.errors.contains(&path) {
                types.errors.push(path);
            }
        }
    }

    fn describe(&mut self, parts: &TypeParts, direction: Direction) -> Option<(JsonRole, TypeDescription)> {
        let json = parts.json?;
        let type_name = (json.type_name)();
        let schema = parts
            .schema
            .map(|schema| self.schemas.add(type_name, schema, direction));
        let (schema, note) = match schema {
            Some(Ok(schema)) => (Some(schema), None),
            Some(Err(error)) => (None, Some(format!("no thread could make the schema: {error}"))),
            None if matches!(json.role, JsonRole::Bytes | JsonRole::IncomingBytes) => (
                None,
                Some("bytes, whose format no Rust type describes".to_owned()),
            ),
            None => {
                let note = format!("`{type_name}` does not implement `schemars::JsonSchema`");
                (None, Some(note))
            }
        };
        let description = TypeDescription {
            type_name: type_name.to_owned(),
            optional: json.is_optional,
            schema,
            note,
            direction,
        };
        Some((json.role, description))
    }
}

impl TypeDescription {
    fn unknown(type_name: &str, note: &str) -> Self {
        Self {
            type_name: type_name.to_owned(),
            optional: false,
            schema: None,
            note: Some(note.to_owned()),
            direction: Direction::Output,
        }
    }

    fn rename(&mut self, renamed: &RenamedSchemas) {
        if let (Direction::Input, Some(schema)) = (self.direction, &mut self.schema) {
            renamed.apply(schema);
        }
    }
}

impl HandlerTypes {
    /// Names the schemas of input that differ from those of output.
    pub(super) fn rename(&mut self, renamed: &RenamedSchemas) {
        let inputs = [&mut self.data, &mut self.meta, &mut self.incoming];
        for description in inputs.into_iter().flatten() {
            description.rename(renamed);
        }
    }
}

impl ChannelTypeDescriptions {
    /// Does nothing: a channel type has output only.
    pub(super) fn rename(&mut self, _: &RenamedSchemas) {}
}
