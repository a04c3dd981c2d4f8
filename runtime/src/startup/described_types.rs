//! Describes the types of handlers and channel types.

use serde::Serialize;
use serde_json::{Map, Value};

use super::described_errors::{ErrorDescriptions, error_path};
use super::schemas::{Direction, RenamedSchemas, Schemas};
use crate::channel::ChannelInfo;
use crate::error::ErrorInfo;
use crate::event::Kind;
use crate::handler::Route;
use crate::reply::Untyped;
use crate::schema::{ArgumentTypes, JsonPart, JsonRole, ReplyTypes, SchemaFn};

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
        let info = route.handler.info();
        let mut schemas = route.schemas.iter().copied();
        for argument in info.arguments.iter().filter_map(|argument| argument.types) {
            self.argument(&argument, schemas.next().flatten(), &mut types);
        }
        self.error(info.reply.error, &mut types);
        match schemas.next() {
            Some(schema) => self.reply(route, &info.reply, schema, &mut types),
            None if route.kind == Kind::Rpc && !info.reply.is_nothing() => {
                types.result = Some(TypeDescription::unknown(
                    route.returns,
                    "the type of the reply has no name: it contains `impl`",
                ));
            }
            None => {}
        }
        if let (Some(info), Some(schema)) = (info.reply.info, schemas.next()) {
            types.info = self.describe(info, schema, Direction::Output);
        }
        if let (Some(answer), Some(schema)) = (info.reply.answer, schemas.next()) {
            types.result = self.describe(answer, schema, Direction::Output);
        }
        types
    }

    pub(super) fn channel(&mut self, info: &ChannelInfo) -> ChannelTypeDescriptions {
        let mut describe = |data: Option<(JsonPart, Option<SchemaFn>)>| {
            data.and_then(|(json, schema)| self.describe(json, schema, Direction::Output))
        };
        ChannelTypeDescriptions {
            publication: describe(info.types.publication),
            item: describe(info.types.item),
        }
    }

    pub(super) fn errors(&self) -> Option<Value> {
        Some(self.errors.describe())
    }

    pub(super) fn finish(self) -> (Option<Map<String, Value>>, RenamedSchemas) {
        let (schemas, renamed) = self.schemas.finish();
        (Some(schemas), renamed)
    }

    fn argument(&mut self, argument: &ArgumentTypes, schema: Option<SchemaFn>, types: &mut HandlerTypes) {
        self.error(argument.error, types);
        if let Some(json) = argument.json {
            let place = match json.role {
                JsonRole::Meta => &mut types.meta,
                JsonRole::Incoming | JsonRole::IncomingBytes => &mut types.incoming,
                _ => &mut types.data,
            };
            // If several arguments take the data, the first one with a schema describes it.
            if place.as_ref().is_none_or(|known| known.schema.is_none()) {
                *place = self.describe(json, schema, Direction::Input);
            }
        }
        for (field, schema) in argument.fields {
            self.argument(field, *schema, types);
        }
    }

    fn reply(
        &mut self,
        route: &Route,
        reply: &ReplyTypes,
        schema: Option<SchemaFn>,
        types: &mut HandlerTypes,
    ) {
        let Some(json) = reply.json else {
            if route.kind == Kind::Rpc {
                let note = "the type of the reply does not say what it carries";
                types.result = Some(TypeDescription::unknown(route.returns, note));
            }
            return;
        };
        let description = self.describe(json, schema, Direction::Output);
        match json.role {
            JsonRole::Publication => types.publication = description,
            JsonRole::Item => types.item = description,
            JsonRole::Value | JsonRole::Bytes => types.result = description,
            _ => {}
        }
    }

    fn error(&mut self, error: Option<&'static ErrorInfo>, types: &mut HandlerTypes) {
        if let Some(info) = error {
            self.errors.add(info);
            let path = error_path(info);
            if !types.errors.contains(&path) {
                types.errors.push(path);
            }
        }
    }

    /// Describes data, or returns `None` if it is [`Untyped`].
    fn describe(
        &mut self,
        json: JsonPart,
        schema: Option<SchemaFn>,
        direction: Direction,
    ) -> Option<TypeDescription> {
        let type_name = (json.type_name)();
        if type_name == std::any::type_name::<Untyped>() {
            return None;
        }
        let schema = schema.map(|schema| self.schemas.add(type_name, schema, direction));
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
        Some(TypeDescription {
            type_name: type_name.to_owned(),
            optional: json.is_optional,
            schema,
            note,
            direction,
        })
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
