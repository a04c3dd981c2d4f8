//! The channels and operations of a document.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::error_schemas::ErrorMessages;
use super::names::Names;
use super::schemas::{Schemas, short_name};
use crate::description::{Channel, DataType, Description, Event, Handler};
use crate::pattern::{Part, Pattern};

/// Makes the channels and operations of a document.
pub(super) struct Channels<'a> {
    schemas: &'a Schemas,
    errors: &'a ErrorMessages,
    channel_names: Names,
    operation_names: Names,
    /// The channels by what they are made from.
    made: HashMap<String, String>,
    pub(super) channels: Map<String, Value>,
    pub(super) operations: Map<String, Value>,
}

impl<'a> Channels<'a> {
    pub(super) fn new(description: &Description, schemas: &'a Schemas, errors: &'a ErrorMessages) -> Self {
        let mut channels = Self {
            schemas,
            errors,
            channel_names: Names::default(),
            operation_names: Names::default(),
            made: HashMap::new(),
            channels: Map::new(),
            operations: Map::new(),
        };
        for channel in &description.channels {
            channels.add_type(channel);
        }
        for handler in &description.handlers {
            channels.add_handler(handler);
        }
        channels
    }

    fn add_type(&mut self, channel: &Channel) {
        let mut made = channel_of(&channel.pattern, &channel.docs);
        for field in &channel.fields {
            let parameter = &mut made["parameters"][&field.name]["description"];
            let rest = parameter.as_str().unwrap_or_default();
            *parameter = format!("`{}`. {rest}", short_name(&field.type_name)).into();
        }
        made["title"] = channel.short_name().into();
        let name = self.channel_names.take(channel.short_name());
        self.made.insert(channel.name.clone(), name.clone());
        self.channels.insert(name.clone(), made);
        self.add_publication(&name, "publication", channel.publication.as_ref());
        self.add_publication(&name, "item", channel.item.as_ref());
    }

    fn add_handler(&mut self, handler: &Handler) {
        // Centrifugo asks of its own accord. Clients see nothing of it.
        if matches!(handler.event, Event::NotifyChannelState | Event::NotifyCacheEmpty) {
            return;
        }
        let channel = self.channel(handler);
        let operation = self.operation_names.take(&match handler.event {
            Event::Rpc => channel.clone(),
            event if handler.pattern.is_none() => event.name().to_owned(),
            event => format!("{event}_{channel}"),
        });
        let mut made = json!({
            "action": "receive",
            "channel": { "$ref": channel_reference(&channel) },
            "title": title(handler),
            "tags": [{ "name": handler.event.name() }],
        });
        add_docs(&mut made, &handler.docs);
        let title = title(handler);
        let data = handler
            .data
            .as_ref()
            .map(|data| self.add_message(&channel, handler.event.name(), data, &title));
        made["messages"] = data.into_iter().collect();
        let result = handler.result.as_ref().map(|result| {
            self.add_message(
                &channel,
                &format!("{}_result", handler.event),
                result,
                &format!("Result of {title}"),
            )
        });
        let errors = handler
            .errors
            .iter()
            .flatten()
            .filter_map(|error| self.add_error(&channel, error));
        let errors: Vec<_> = errors.collect();
        let answers: Vec<_> = result.into_iter().chain(errors).collect();
        if !answers.is_empty() {
            made["reply"] =
                json!({ "channel": { "$ref": channel_reference(&channel) }, "messages": answers });
        }
        self.operations.insert(operation, made);
        self.add_incoming(&channel, handler);
        self.add_publication(&channel, "publication", handler.publication.as_ref());
        self.add_publication(&channel, "item", handler.item.as_ref());
    }

    /// Returns the name of the channel of a handler.
    fn channel(&mut self, handler: &Handler) -> String {
        if let Some(name) = handler.channel.as_ref().and_then(|name| self.made.get(name)) {
            return name.clone();
        }
        let is_rpc = handler.event == Event::Rpc;
        let source = match &handler.pattern {
            None => "connection".to_owned(),
            Some(pattern) => format!("{} {pattern}", if is_rpc { "rpc" } else { "channel" }),
        };
        if let Some(name) = self.made.get(&source) {
            return name.clone();
        }
        let (name, channel) = match &handler.pattern {
            None => (
                "connection".to_owned(),
                json!({ "address": null, "title": "Connection", "description": "The connection of a client.", "messages": {} }),
            ),
            Some(pattern) => {
                let mut channel = channel_of(pattern, "");
                if is_rpc {
                    channel["title"] = format!("rpc {pattern}").into();
                    channel["description"] = "The address is the method.".into();
                } else {
                    channel["title"] = pattern.as_str().into();
                }
                let prefix = if is_rpc { "rpc_" } else { "channel_" };
                (format!("{prefix}{pattern}"), channel)
            }
        };
        let name = self.channel_names.take(&name);
        self.made.insert(source, name.clone());
        self.channels.insert(name.clone(), channel);
        name
    }

    /// Adds a message to a channel. Returns the reference to it. The same message is there once.
    fn add_message(&mut self, channel: &str, wanted: &str, data: &DataType, title: &str) -> Value {
        let message = self.schemas.message(data, title);
        let messages = &mut self.channels[channel]["messages"];
        let mut name = wanted.to_owned();
        let mut number = 2_usize;
        while messages.get(&name).is_some_and(|known| *known != message) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        messages[&name] = message;
        message_reference(channel, &name)
    }

    fn add_error(&mut self, channel: &str, error: &str) -> Option<Value> {
        let name = self.errors.names.get(error)?;
        self.channels[channel]["messages"][name] = json!({ "$ref": format!("#/components/messages/{name}") });
        Some(message_reference(channel, name))
    }

    /// Adds what clients publish into a two-way stream.
    fn add_incoming(&mut self, channel: &str, handler: &Handler) {
        let Some(incoming) = &handler.incoming else { return };
        let title = format!("publication of a client in {}", title(handler));
        let message = self.add_message(channel, "incoming", incoming, &title);
        let operation = self.operation_names.take(&format!("incoming_{channel}"));
        let made = json!({
            "action": "receive",
            "channel": { "$ref": channel_reference(channel) },
            "title": title,
            "summary": "Takes what the client publishes into its stream.",
            "tags": [{ "name": handler.event.name() }],
            "messages": [message],
        });
        self.operations.insert(operation, made);
    }

    /// Adds what the program sends to a channel.
    fn add_publication(&mut self, channel: &str, kind: &str, data: Option<&DataType>) {
        let Some(data) = data else { return };
        let title = if kind == "item" {
            "Value of a key"
        } else {
            "Publication"
        };
        let message = self.add_message(channel, kind, data, title);
        let operation = format!("send_{channel}");
        let made = self.operations.entry(operation.clone()).or_insert_with(|| {
            json!({
                "action": "send",
                "channel": { "$ref": channel_reference(channel) },
                "summary": "Publishes to the channel.",
                "tags": [{ "name": "publication" }],
                "messages": [],
            })
        });
        self.operation_names.take(&operation);
        if let Some(messages) = made["messages"].as_array_mut()
            && !messages.contains(&message)
        {
            messages.push(message);
        }
    }
}

fn title(handler: &Handler) -> String {
    match (&handler.pattern, handler.event) {
        (Some(pattern), Event::Rpc) => format!("rpc {pattern}"),
        (Some(pattern), event) => format!("{event} of {pattern}"),
        (None, event) => event.to_string(),
    }
}

/// Returns a channel without messages.
fn channel_of(pattern: &str, docs: &str) -> Value {
    let pattern = Pattern::parse(pattern);
    let mut channel = json!({ "address": address(&pattern), "messages": {} });
    for (name, kind) in pattern.wildcards() {
        let text = if kind.takes_all() {
            "Any characters."
        } else {
            "Any characters but `:`, `/`, `.` and `#`."
        };
        channel["parameters"][name] = json!({ "description": text });
    }
    // AsyncAPI's HTML template shows no summary of a channel.
    if !docs.trim().is_empty() {
        channel["description"] = docs.trim().into();
    }
    channel
}

/// Returns a pattern with `{name}` for each wildcard.
fn address(pattern: &Pattern) -> String {
    let parts = pattern.parts().iter().map(|part| match part {
        // Braces always belong to parameters.
        Part::Text(text) => text.replace('{', "%7B").replace('}', "%7D"),
        Part::Wildcard { name, .. } => format!("{{{name}}}"),
    });
    parts.collect()
}

/// Adds a doc comment: its first paragraph is the summary.
fn add_docs(to: &mut Value, docs: &str) {
    let (summary, rest) = docs.trim().split_once("\n\n").unwrap_or((docs.trim(), ""));
    for (key, text) in [("summary", summary), ("description", rest.trim())] {
        if !text.is_empty() {
            to[key] = text.into();
        }
    }
}

fn channel_reference(channel: &str) -> String {
    format!("#/channels/{channel}")
}

fn message_reference(channel: &str, message: &str) -> Value {
    json!({ "$ref": format!("#/channels/{channel}/messages/{message}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_parameters() {
        for (pattern, expected) in [
            ("chat:{room}", "chat:{room}"),
            ("a:{b*}", "a:{b}"),
            ("a/*/b/*", "a/{wildcard}/b/{wildcard2}"),
            ("{{x}}\\*", "%7Bx%7D*"),
            ("plain", "plain"),
        ] {
            assert_eq!(address(&Pattern::parse(pattern)), expected, "{pattern}");
        }
    }
}
