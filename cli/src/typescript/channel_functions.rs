//! The functions that make subscriptions to the channels of channel types.

use super::data_types::DataTypes;
use super::doc_comment::Docs;
use super::error_codes::ErrorCodes;
use super::identifier::{camel_case, object_key, property_key, string_literal};
use super::pattern_code;
use super::source_text::SourceText;
use super::subscription_kind::SubscriptionKind;
use super::ts_type::{Property, TsType};
use crate::description::{Channel, Description, Event, Field, Handler, Need};
use crate::pattern::Pattern;
use crate::unique_names::UniqueNames;

/// The members of the class that no function can be called like.
const TAKEN: [&str; 4] = ["centrifuge", "constructor", "removeSubscription", "rpc"];

/// A function of the class `Api` for a channel type.
#[derive(Debug)]
pub(super) struct ChannelFunction {
    docs: Docs,
    /// The name of the channel type.
    name: String,
    function: String,
    text: String,
    pattern: Pattern,
    fields: TsType,
    kind: SubscriptionKind,
    /// What the channel carries, or what its keys hold.
    content: TsType,
    /// What clients can publish.
    publish: TsType,
    subscribe_data: SubscribeData,
    /// What the client receives with the subscription, if the handler says it.
    subscribe_reply: Option<TsType>,
    /// What other clients see of a subscription, if the handler says it.
    info: Option<TsType>,
}

#[derive(Debug)]
struct SubscribeData {
    value: TsType,
    is_required: bool,
}

/// Returns the functions for all channel types, sorted by their patterns.
pub(super) fn channel_functions(
    description: &Description,
    types: &DataTypes,
    errors: &ErrorCodes<'_>,
) -> Vec<ChannelFunction> {
    let mut functions = UniqueNames::new(TAKEN);
    let mut names = UniqueNames::default();
    let new = |channel: &Channel| {
        let wanted = channel.short_name().trim_start_matches("r#");
        let name = names.take(wanted);
        let function = functions.take(&camel_case(wanted));
        let mut channel = ChannelFunction::new(channel, description, types, errors);
        if name != wanted {
            channel.docs.push(&format!(
                "The name of the channel type is `{name}` here, because another one is called `{wanted}`."
            ));
        }
        if function != camel_case(wanted) {
            let wanted = camel_case(wanted);
            channel.docs.push(&format!(
                "It is called `{function}`, because another member is called `{wanted}`."
            ));
        }
        ChannelFunction {
            name,
            function,
            ..channel
        }
    };
    description.channels.iter().map(new).collect()
}

impl ChannelFunction {
    fn new(channel: &Channel, description: &Description, types: &DataTypes, errors: &ErrorCodes<'_>) -> Self {
        let handler = |events: &[Event]| {
            let is_for = |handler: &&Handler| {
                handler.channel.as_ref() == Some(&channel.name) && events.contains(&handler.event)
            };
            description.handlers.iter().find(is_for)
        };
        let mut docs = Docs::new(&channel.docs);
        docs.push(&format!(
            "Makes a subscription to a channel `{}`.",
            channel.pattern
        ));
        let kind = SubscriptionKind::of(channel, &handler);
        let (content, what) = match kind {
            SubscriptionKind::Stream => (&channel.publication, "publications"),
            SubscriptionKind::Map | SubscriptionKind::SharedPoll => (&channel.item, "items"),
        };
        let content_type = match content {
            Some(content) => types.data(content, what, &mut docs),
            None => {
                docs.push(&format!(
                    "The type of the {what} is unknown: the channel type does not say it."
                ));
                TsType::Unknown
            }
        };
        let subscriber = handler(&[Event::Subscribe, Event::SubscribeStream]);
        let streamer = subscriber.filter(|handler| handler.has_need(Need::ClientStream));
        let publisher = match kind {
            SubscriptionKind::Stream => handler(&[Event::Publish]),
            SubscriptionKind::Map => handler(&[Event::MapPublish]),
            SubscriptionKind::SharedPoll => None,
        };
        let allows_publish = [
            "allow_publish_for_subscriber",
            "allow_publish_for_client",
            "allow_publish_for_anonymous",
        ]
        .into_iter()
        .any(|option| channel.options.get(option) == Some(&true.into()));
        let publish = match (publisher, streamer) {
            (Some(Handler { data: Some(data), .. }), _) => {
                types.data(data, "data that clients publish", &mut docs)
            }
            // The handler passes on what the client has published.
            (Some(_), _) => content_type.clone(),
            // Publications go into the stream of the client.
            (
                None,
                Some(Handler {
                    incoming: Some(data), ..
                }),
            ) => types.data(data, "data that clients publish", &mut docs),
            (None, Some(_)) => TsType::Unknown,
            (None, None) if allows_publish => content_type.clone(),
            (None, None) => {
                if kind != SubscriptionKind::SharedPoll {
                    docs.push("No handler takes publications of clients.");
                }
                TsType::Never
            }
        };
        let subscribe_data = match subscriber.and_then(|handler| handler.data.as_ref()) {
            Some(data) => SubscribeData {
                value: types.data(data, "data of the subscription", &mut docs),
                is_required: !data.optional && data.schema.is_some(),
            },
            None => SubscribeData {
                value: TsType::Never,
                is_required: false,
            },
        };
        let subscribe_reply = subscriber
            .filter(|_| kind == SubscriptionKind::Stream)
            .and_then(|handler| handler.result.as_ref())
            .map(|reply| {
                types.data(
                    reply,
                    "data that the client receives with the subscription",
                    &mut docs,
                )
            });
        let info = subscriber.and_then(|handler| handler.info.as_ref()).map(|info| {
            let refreshed = handler(&[Event::SubRefresh]).and_then(|handler| handler.info.as_ref());
            let infos = [Some(info), refreshed].into_iter().flatten();
            types.any_of(infos, "info of the subscription", &mut docs)
        });
        if let Some(subscriber) = subscriber {
            docs.push(&errors.of_handler(subscriber));
        }
        Self {
            docs,
            name: String::new(),
            function: String::new(),
            text: channel.pattern.clone(),
            pattern: Pattern::parse(&channel.pattern),
            fields: fields_type(&channel.fields),
            kind,
            content: content_type,
            publish,
            subscribe_data,
            subscribe_reply,
            info,
        }
    }

    pub(super) fn kind(&self) -> SubscriptionKind {
        self.kind
    }

    fn has_fields(&self) -> bool {
        self.pattern.wildcards().next().is_some()
    }

    /// Writes the entry of the interface `Channels`.
    pub(super) fn print_entry(&self) -> String {
        let docs = Docs::new(&format!("Channels `{}`.", self.text)).print("  ");
        let fields = self.fields.print_after("    ");
        let content = self.content.print_after("    ");
        let info = self.info.as_ref().unwrap_or(&TsType::Unknown).print_after("    ");
        format!(
            "{docs}  {}: {{\n    fields:{fields};\n    publication:{content};\n    info:{info};\n  }};\n",
            property_key(&self.name)
        )
    }

    /// Writes the entry of the table of patterns.
    pub(super) fn print_pattern(&self) -> String {
        let text = string_literal(&self.text);
        format!(
            "  {}: {{ text: {text}, parts: {} }},\n",
            object_key(&self.name),
            pattern_code::print(&self.pattern)
        )
    }

    fn signature(&self) -> String {
        let mut parameters = Vec::new();
        if self.has_fields() {
            parameters.push(format!("fields: {}", self.fields.print("  ")));
        }
        let SubscribeData { value, is_required } = &self.subscribe_data;
        let (options, data) = (self.kind.options(), value.print("  "));
        let (optional, required) = if *is_required {
            ("", "true")
        } else {
            ("?", "false")
        };
        parameters.push(format!(
            "options{optional}: TypedOptions<{options}, {data}, {required}>"
        ));
        let (name, content, publish) = (
            self.kind.subscription(),
            self.content.print("  "),
            self.publish.print("  "),
        );
        let mut types = match self.kind {
            SubscriptionKind::SharedPoll => vec![content, data],
            SubscriptionKind::Stream | SubscriptionKind::Map => vec![content, publish, data],
        };
        // These have defaults, and are left out from the end.
        let (reply, info) = match self.kind {
            SubscriptionKind::Stream => (self.subscribe_reply.as_ref(), self.info.as_ref()),
            SubscriptionKind::Map => (self.info.as_ref(), None),
            SubscriptionKind::SharedPoll => (None, None),
        };
        if reply.is_some() || info.is_some() {
            types.push(reply.unwrap_or(&TsType::Unknown).print("  "));
        }
        types.extend(info.map(|info| info.print("  ")));
        let types = types.join(", ");
        format!("{}({}): {name}<{types}>", self.function, parameters.join(", "))
    }

    /// Writes the declaration of the function.
    pub(super) fn print_declaration(&self) -> String {
        format!("{}  {};\n", self.docs.print("  "), self.signature())
    }

    /// Writes the function.
    pub(super) fn print_code(&self) -> SourceText {
        let mut code = SourceText::default();
        code.both(&self.docs.print("  "));
        code.types(&format!("  {}", self.signature()));
        let fields = if self.has_fields() { "fields" } else { "{}" };
        let parameters = if self.has_fields() {
            "fields, options"
        } else {
            "options"
        };
        code.javascript
            .push_str(&format!("  {}({parameters})", self.function));
        let (new, name) = (self.kind.constructor(), string_literal(&self.name));
        code.both(&format!(
            " {{\n    return this.centrifuge.{new}(channelName({name}, {fields}), options)"
        ));
        code.types(" as never");
        code.both(";\n  }\n\n");
        code
    }
}

/// Returns the type of the fields of a channel type.
fn fields_type(fields: &[Field]) -> TsType {
    let property = |field: &Field| Property {
        name: field.name.clone(),
        docs: Docs::default(),
        is_optional: false,
        value: TsType::text(value_type(&field.type_name)),
    };
    TsType::Object {
        properties: fields.iter().map(property).collect(),
        index: None,
    }
}

/// Returns the type of the values that are displayed as those of a Rust type are.
fn value_type(type_name: &str) -> &'static str {
    match type_name.rsplit("::").next().unwrap_or_default() {
        "u8" | "u16" | "u32" | "i8" | "i16" | "i32" => "number",
        "u64" | "u128" | "usize" | "i64" | "i128" | "isize" => "number | bigint",
        "bool" => "boolean",
        "String" | "char" => "string",
        _ => "PatternValue",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::description;
    use super::*;

    fn functions(document: Value) -> Vec<ChannelFunction> {
        let description = description(document);
        let types = DataTypes::new(&description);
        channel_functions(&description, &types, &ErrorCodes::new(&description))
    }

    fn data(schema: Value, optional: bool) -> Value {
        json!({ "type": "T", "optional": optional, "schema": schema })
    }

    fn channel(name: &str, pattern: &str, fields: &[&str]) -> Value {
        let fields: Vec<_> = fields
            .iter()
            .map(|name| json!({ "name": name, "type": "u32", "rest": false, "after": "" }))
            .collect();
        let prefix = pattern.split('{').next();
        json!({
            "name": name, "pattern": pattern, "prefix": prefix, "fields": fields, "file": "", "line": 1, "docs": "", "options": {},
            "publication": data(json!({ "type": "string" }), false), "item": data(json!({ "type": "boolean" }), false),
        })
    }

    #[test]
    fn takes_the_types_of_the_handlers() {
        let handler = |event: &str, data: Value| json!({ "event": event, "pattern": "chat:{room}", "channel": "app::Chat", "handler": "app::f", "data": data });
        let text = json!({ "type": "string" });
        let signature = |handlers: Value| {
            functions(
                json!({ "channels": [channel("app::Chat", "chat:{room}", &["room"])], "handlers": handlers }),
            )[0]
            .signature()
        };
        assert_eq!(
            signature(json!([])),
            "chat(fields: { room: number }, options?: TypedOptions<SubscriptionOptions, never, false>): TypedSubscription<string, never, never>"
        );
        assert_eq!(
            signature(json!([
                handler("publish", json!(null)),
                handler("subscribe", data(text.clone(), true))
            ])),
            "chat(fields: { room: number }, options?: TypedOptions<SubscriptionOptions, string, false>): TypedSubscription<string, string, string>"
        );
        let mut subscriber = handler("subscribe", json!(null));
        subscriber["result"] = data(json!({ "type": "integer" }), false);
        assert_eq!(
            signature(json!([subscriber])),
            "chat(fields: { room: number }, options?: TypedOptions<SubscriptionOptions, never, false>): TypedSubscription<string, never, never, number>"
        );
        let info = |mut handler: Value| {
            handler["info"] = data(json!({ "type": "boolean" }), false);
            handler
        };
        assert_eq!(
            signature(json!([info(handler("subscribe", json!(null)))])),
            "chat(fields: { room: number }, options?: TypedOptions<SubscriptionOptions, never, false>): TypedSubscription<string, never, never, unknown, boolean>"
        );
        let mut refresher = handler("sub_refresh", json!(null));
        refresher["info"] = data(text.clone(), false);
        assert_eq!(
            signature(json!([info(handler("subscribe_stream", json!(null))), refresher])),
            "chat(fields: { room: number }, options?: TypedOptions<SubscriptionOptions, never, false>): TypedSubscription<string, never, never, unknown, boolean | string>"
        );
        assert_eq!(
            signature(json!([
                handler("map_publish", data(text.clone(), false)),
                info(handler("subscribe", json!(null)))
            ])),
            "chat(fields: { room: number }, options?: TypedOptions<MapSubscriptionOptions, never, false>): TypedMapSubscription<boolean, string, never, boolean>"
        );
        assert_eq!(
            signature(json!([
                handler("map_publish", data(text.clone(), false)),
                handler("subscribe", data(text.clone(), false))
            ])),
            "chat(fields: { room: number }, options: TypedOptions<MapSubscriptionOptions, string, true>): TypedMapSubscription<boolean, string, string>"
        );
        assert_eq!(
            signature(json!([handler("shared_poll_refresh", json!(null))])),
            "chat(fields: { room: number }, options?: TypedOptions<SharedPollSubscriptionOptions, never, false>): TypedSharedPollSubscription<boolean, never>"
        );
    }

    #[test]
    fn clients_publish_what_two_way_streams_take() {
        let publish = |needs: Value, incoming: Value| {
            let handler = json!({
                "event": "subscribe_stream", "pattern": "chat", "channel": "Chat", "handler": "app::f", "needs": needs,
                "incoming": incoming,
            });
            let functions =
                functions(json!({ "channels": [channel("Chat", "chat", &[])], "handlers": [handler] }));
            functions[0].publish.print("")
        };
        assert_eq!(publish(json!([]), json!(null)), "never");
        let text = data(json!({ "type": "string" }), true);
        assert_eq!(publish(json!(["client_stream"]), text), "string");
        // A program with an older version of the crate does not describe the type.
        assert_eq!(publish(json!(["client_stream"]), json!(null)), "unknown");
    }

    #[test]
    fn renames_functions_and_channel_types_that_collide() {
        let functions = functions(json!({ "channels": [
            channel("a::Chat", "a", &[]), channel("b::Chat", "b", &[]), channel("Rpc", "c", &[]), channel("chat", "d", &[]),
        ] }));
        let names: Vec<_> = functions
            .iter()
            .map(|channel| (&channel.name[..], &channel.function[..]))
            .collect();
        assert_eq!(
            names,
            [
                ("Chat", "chat"),
                ("Chat2", "chat2"),
                ("Rpc", "rpc2"),
                ("chat", "chat3")
            ]
        );
        assert!(
            functions[1]
                .docs
                .print("")
                .contains("because another one is called `Chat`")
        );
    }

    #[test]
    fn allows_publications_that_centrifugo_takes_by_itself() {
        let mut chat = channel("Chat", "chat", &[]);
        chat["options"]["allow_publish_for_subscriber"] = true.into();
        let functions = functions(json!({ "channels": [chat] }));
        assert!(
            functions[0]
                .signature()
                .ends_with("TypedSubscription<string, string, never>")
        );
        assert!(
            functions[0]
                .print_code()
                .javascript
                .contains("newSubscription(channelName(\"Chat\", {}), options)")
        );
    }
}
