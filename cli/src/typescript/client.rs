//! Puts the files together.

use super::channel_functions::{ChannelFunction, channel_functions};
use super::data_types::DataTypes;
use super::doc_comment::Docs;
use super::error_codes::ErrorCodes;
use super::method_tree::MethodTree;
use super::source_text::SourceText;
use super::subscription_kind::SubscriptionKind;
use super::ts_type::TsType;
use crate::description::{Description, Event, Handler};

const HEADER: &str =
    "// Made by `cargo centrifugo client`. Run it again to change this file.\n/* eslint-disable */\n";

/// The files of a client in plain JavaScript.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JavaScriptClient {
    /// The module.
    pub code: String,
    /// The types of the module, for the file `.d.ts` beside it.
    pub declarations: String,
}

/// Makes a client in TypeScript for the handlers and channel types of a program.
pub fn typescript_client(description: &Description) -> String {
    let client = Client::new(description);
    let mut text = client.types();
    text.push_str(&client.code(SourceText::default()).typescript);
    finish(text)
}

/// Makes a client in JavaScript, with its types in a file of their own.
pub fn javascript_client(description: &Description) -> JavaScriptClient {
    let client = Client::new(description);
    let mut code = SourceText::default();
    code.both(HEADER);
    code.both("\n");
    JavaScriptClient {
        code: finish(client.code(code).javascript),
        declarations: finish(client.types() + &client.declarations()),
    }
}

fn finish(text: String) -> String {
    text.trim_end().to_owned() + "\n"
}

/// The parts of a client.
struct Client<'a> {
    description: &'a Description,
    types: DataTypes,
    errors: ErrorCodes<'a>,
    methods: MethodTree,
    channels: Vec<ChannelFunction>,
}

impl<'a> Client<'a> {
    fn new(description: &'a Description) -> Self {
        let types = DataTypes::new(description);
        let errors = ErrorCodes::new(description);
        Self {
            methods: MethodTree::new(description, &types, &errors),
            channels: channel_functions(description, &types, &errors),
            description,
            types,
            errors,
        }
    }

    fn has_kind(&self, kind: SubscriptionKind) -> bool {
        self.channels.iter().any(|channel| channel.kind() == kind)
    }

    fn has_patterns(&self) -> bool {
        !self.channels.is_empty() || self.methods.has_wildcards()
    }

    /// Writes what both the TypeScript file and the declarations of the JavaScript file begin with.
    fn types(&self) -> String {
        let mut text = HEADER.to_owned();
        if self.description.schemas.is_none() {
            text.push_str("// All types are unknown: the program is built without the feature `schema` of the crate `centrifugo`.\n");
        }
        text.push_str(&self.imports());
        text.push_str(&self.types.print());
        text.push_str(&self.connect_types());
        if self.has_patterns() {
            text.push_str(include_str!("templates/pattern_types.ts"));
        }
        if !self.methods.is_empty() {
            let members = self.methods.print_type("  ");
            text.push_str(&format!(
                "/** The methods of the backend. */\nexport interface Rpc {{\n{members}}}\n\n"
            ));
        }
        if !self.channels.is_empty() {
            let entries: String = self.channels.iter().map(ChannelFunction::print_entry).collect();
            text.push_str(&format!(
                "/** The channel types of the backend. */\nexport interface Channels {{\n{entries}}}\n\n"
            ));
            text.push_str(include_str!("templates/channel_types.ts"));
            text.push_str(&self.client_info_type());
        }
        for (kind, template) in [
            (
                SubscriptionKind::Stream,
                include_str!("templates/stream_types.ts"),
            ),
            (SubscriptionKind::Map, include_str!("templates/map_types.ts")),
            (
                SubscriptionKind::SharedPoll,
                include_str!("templates/shared_poll_types.ts"),
            ),
        ] {
            if self.has_kind(kind) {
                text.push_str(template);
            }
        }
        text + include_str!("templates/errors_types.ts")
    }

    fn imports(&self) -> String {
        let mut names = vec!["Centrifuge"];
        let mut add = |is_used: bool, used: &[&'static str]| {
            if is_used {
                names.extend(used);
            }
        };
        let has_reply = self
            .connect_handler()
            .is_some_and(|handler| handler.result.is_some());
        add(has_reply, &["ConnectedContext"]);
        add(
            !self.channels.is_empty(),
            &[
                "ClientInfo",
                "ServerPublicationContext",
                "Subscription",
                "TypedEventEmitter",
            ],
        );
        add(
            self.has_kind(SubscriptionKind::Stream),
            &[
                "HistoryOptions",
                "HistoryResult",
                "JoinContext",
                "LeaveContext",
                "PresenceResult",
                "PublicationContext",
                "PublishResult",
                "SubscribedContext",
                "SubscriptionEvents",
                "SubscriptionOptions",
            ],
        );
        add(
            self.has_kind(SubscriptionKind::Map),
            &[
                "MapEntry",
                "MapSubscription",
                "MapSubscriptionEvents",
                "MapSubscriptionOptions",
                "PublishResult",
            ],
        );
        add(
            self.has_kind(SubscriptionKind::SharedPoll),
            &[
                "SharedPollSubscription",
                "SharedPollSubscriptionEvents",
                "SharedPollSubscriptionOptions",
            ],
        );
        names.sort_unstable();
        names.dedup();
        let list: String = names.iter().map(|name| format!("\n  {name},")).collect();
        format!("\nimport type {{{list}\n}} from \"centrifuge\";\n\n")
    }

    /// Writes the types of the data of a connect and of its reply, if a handler says them.
    fn connect_types(&self) -> String {
        let Some(handler) = self.connect_handler() else {
            return String::new();
        };
        let mut text = String::new();
        if let Some(data) = &handler.data {
            let mut docs = Docs::new(
                "What the client sends when it connects: the option `data` of `new Centrifuge(..)`.",
            );
            if data.optional {
                docs.push("It may be missing.");
            }
            let value = self.types.data(data, "data", &mut docs);
            text.push_str(&format!(
                "{}export type ConnectData ={};\n\n",
                docs.print(""),
                value.print_after("")
            ));
        }
        if let Some(reply) = &handler.result {
            let mut docs = Docs::new(
                "The context of the client's event `connected`. `data` is what the backend sends with the connection.",
            );
            let value = self.types.data(reply, "data", &mut docs);
            text.push_str(&format!(
                "{}export interface TypedConnectedContext extends ConnectedContext {{\n  data?:{};\n}}\n\n",
                docs.print(""),
                value.print_after("  ")
            ));
        }
        text
    }

    /// Writes the type of what is known about other clients.
    fn client_info_type(&self) -> String {
        let mut docs = Docs::new(
            "Another client. `connInfo` is what the backend says about its connection, `chanInfo` about its subscription.",
        );
        let info = self.connect_handler().and_then(|handler| handler.info.as_ref());
        let value = match info {
            Some(info) => {
                let mut handlers = self.description.handlers.iter();
                let refreshed = handlers
                    .find(|handler| handler.event == Event::Refresh)
                    .and_then(|handler| handler.info.as_ref());
                let infos = [Some(info), refreshed].into_iter().flatten();
                self.types.any_of(infos, "info of the connection", &mut docs)
            }
            None => {
                docs.push("The type of the info of the connection is unknown: no connect handler says it.");
                TsType::Unknown
            }
        };
        format!(
            "{}export interface TypedClientInfo<ChanInfo = unknown> extends ClientInfo {{\n  connInfo?:{};\n  \
             chanInfo?: ChanInfo;\n}}\n\n",
            docs.print(""),
            value.print_after("  ")
        )
    }

    fn connect_handler(&self) -> Option<&Handler> {
        let mut handlers = self.description.handlers.iter();
        handlers.find(|handler| handler.event == Event::Connect)
    }

    /// Writes all that runs.
    fn code(&self, mut code: SourceText) -> SourceText {
        code.append(&self.errors.print());
        code.append(&SourceText::from_template(include_str!("templates/errors.ts")));
        if self.has_patterns() {
            code.append(&SourceText::from_template(include_str!("templates/pattern.ts")));
        }
        if !self.channels.is_empty() {
            let entries: String = self.channels.iter().map(ChannelFunction::print_pattern).collect();
            code.both("const patterns");
            code.types(": { readonly [Name in ChannelName]: { readonly text: string; readonly parts: readonly Part[] } }");
            code.both(&format!(" = {{\n{entries}}};\n\n"));
            code.append(&SourceText::from_template(include_str!("templates/channel.ts")));
        }
        if !self.methods.is_empty() {
            code.append(&SourceText::from_template(include_str!("templates/call.ts")));
            if self.methods.has_method_and_group() {
                code.append(&SourceText::from_template(include_str!(
                    "templates/method_and_group.ts"
                )));
            }
            code.append(&SourceText::from_template(
                "const rpcMethods = (call«: Call»)«: Rpc» => ({\n",
            ));
            code.append(&self.methods.print_code("  "));
            code.both("});\n\n");
        }
        code.append(&self.class());
        code
    }

    fn class(&self) -> SourceText {
        let mut code = SourceText::default();
        code.both("/** The methods and channels of the backend, over a client of centrifuge-js. */\nexport class Api {\n");
        code.types("  /** The client. */\n  readonly centrifuge: Centrifuge;\n");
        let has_methods = !self.methods.is_empty();
        if has_methods {
            code.types("  /** The methods of the backend. */\n  readonly rpc: Rpc;\n");
        }
        code.types("\n");
        code.append(&SourceText::from_template(
            "  constructor(centrifuge«: Centrifuge») {\n    this.centrifuge = centrifuge;\n",
        ));
        if has_methods {
            code.both("    this.rpc = rpcMethods(async (method, data) => (await centrifuge.rpc(method, data)).data);\n");
        }
        code.both("  }\n\n");
        for channel in &self.channels {
            code.append(&channel.print_code());
        }
        if !self.channels.is_empty() {
            code.append(&SourceText::from_template(
                "  /** Ends a subscription, so that another one to its channel can be made. */\n  \
                 removeSubscription(subscription«: Pick<Subscription, \"channel\" | \"unsubscribe\"> | null»)«: void» {\n    \
                 this.centrifuge.removeSubscription(subscription« as Subscription | null»);\n  }\n",
            ));
        }
        code.both("}\n");
        code
    }

    /// Writes the declarations of all that runs.
    fn declarations(&self) -> String {
        let mut text = self.errors.print_declaration();
        text.push_str(include_str!("templates/errors_declaration.ts"));
        if !self.channels.is_empty() {
            text.push_str(include_str!("templates/channel_declaration.ts"));
        }
        text.push_str("/** The methods and channels of the backend, over a client of centrifuge-js. */\nexport declare class Api {\n");
        text.push_str("  /** The client. */\n  readonly centrifuge: Centrifuge;\n");
        if !self.methods.is_empty() {
            text.push_str("  /** The methods of the backend. */\n  readonly rpc: Rpc;\n");
        }
        text.push_str("\n  constructor(centrifuge: Centrifuge);\n");
        for channel in &self.channels {
            text.push('\n');
            text.push_str(&channel.print_declaration());
        }
        if !self.channels.is_empty() {
            text.push_str(
                "\n  /** Ends a subscription, so that another one to its channel can be made. */\n",
            );
            text.push_str("  removeSubscription(subscription: Pick<Subscription, \"channel\" | \"unsubscribe\"> | null): void;\n");
        }
        text.push_str("}\n");
        text
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::data_types::TAKEN;
    use super::super::tests::description;
    use super::*;

    /// A program with all kinds of channels, and with a type of this name.
    fn whole_program(type_name: &str) -> Description {
        let channel = |name: &str, options: serde_json::Value| {
            json!({
                "name": name, "pattern": name, "prefix": name, "fields": [], "file": "", "line": 1, "docs": "", "options": options,
                "publication": null, "item": null,
            })
        };
        description(json!({
            "channels": [
                channel("Stream", json!({})),
                channel("Map", json!({ "subscription_type": "map" })),
                channel("Poll", json!({ "subscription_type": "shared_poll" })),
            ],
            "handlers": [
                { "event": "connect", "result": { "type": "T", "optional": false, "schema": {} },
                    "info": { "type": "T", "optional": false, "schema": { "$ref": format!("#/schemas/{type_name}") } } },
                { "event": "rpc", "pattern": "a" }, { "event": "rpc", "pattern": "a/{b}" }, { "event": "rpc", "pattern": "a/c" }],
            "schemas": { type_name: { "type": "object" } },
        }))
    }

    #[test]
    fn conn_info_is_what_connect_and_refresh_handlers_set() {
        let info_of = |handlers: serde_json::Value| {
            let mut program = whole_program("T");
            program.handlers = description(json!({ "handlers": handlers })).handlers;
            let client = typescript_client(&program);
            let (_, rest) = client.split_once("connInfo?: ").unwrap();
            rest.split_once(';').unwrap().0.to_owned()
        };
        let info = |schema: &str| json!({ "type": "T", "optional": false, "schema": { "type": schema } });
        let connect = || json!({ "event": "connect", "info": info("string") });
        let refresh = json!({ "event": "refresh", "info": info("boolean") });
        assert_eq!(info_of(json!([refresh.clone()])), "unknown");
        assert_eq!(info_of(json!([connect()])), "string");
        assert_eq!(info_of(json!([connect(), { "event": "refresh" }])), "string");
        assert_eq!(info_of(json!([connect(), refresh])), "string | boolean");
    }

    #[test]
    fn types_of_programs_cannot_take_the_names_of_the_file() {
        let text = typescript_client(&whole_program("Line"));
        let declared = ["export interface ", "export type ", "\ntype ", "export class "]
            .into_iter()
            .flat_map(|keyword| {
                let rest = text.split(keyword).skip(1);
                rest.filter_map(|rest| rest.split([' ', '<']).next())
                    .collect::<Vec<_>>()
            });
        let (_, imports) = text.split_once("import type {").unwrap();
        let imported = imports
            .split_once('}')
            .unwrap()
            .0
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let names: Vec<_> = declared.chain(imported).filter(|name| *name != "Line").collect();
        assert!(names.len() > 40, "{names:?}");
        for name in names {
            assert!(TAKEN.contains(&name), "{name}");
        }
        for name in ["Omit", "ChanInfo"] {
            let client = typescript_client(&whole_program(name));
            assert!(client.contains(&format!("export interface {name}2 {{")), "{name}");
        }
    }

    #[test]
    fn an_empty_program_has_a_client() {
        let text = typescript_client(&description(json!({ "schemas": null, "errors": null })));
        assert!(
            text.contains("built without the feature `schema`")
                && text.contains("export const errorCodes = {} as const;")
        );
        assert!(
            !text.contains("Rpc") && !text.contains("Pattern") && !text.contains("Subscription"),
            "{text}"
        );
        let client = javascript_client(&description(json!({})));
        assert!(
            client.code.contains("export const errorCodes = {};\n"),
            "{}",
            client.code
        );
        assert!(
            client
                .declarations
                .contains("export declare const errorCodes: {};\n"),
            "{}",
            client.declarations
        );
    }

    /// Returns the text without comments and string literals.
    fn bare_code(text: &str) -> String {
        let (mut code, mut rest) = (String::new(), text);
        while let Some(first) = rest.chars().next() {
            let end = match first {
                _ if rest.starts_with("//") => rest.find('\n'),
                _ if rest.starts_with("/*") => rest.find("*/").map(|end| end + 2),
                '"' | '`' => {
                    let mut is_escaped = false;
                    let end = rest.char_indices().skip(1).find(|(_, c)| {
                        let ends = !is_escaped && (*c == first || *c == '\n' && first == '"');
                        is_escaped = !is_escaped && *c == '\\';
                        ends
                    });
                    end.map(|(end, _)| end + 1)
                }
                _ => {
                    code.push(first);
                    rest = &rest[first.len_utf8()..];
                    continue;
                }
            };
            rest = &rest[end.unwrap()..];
        }
        code
    }

    #[test]
    fn text_of_programs_stays_in_comments_and_literals() {
        for text in [
            "*/ alert() /*",
            "\" + alert() + \"",
            "\n alert()\r\u{2028}alert()",
            "`${alert()}`",
            "\\\" alert() //",
            "'alert()'",
        ] {
            let unknown = json!({ "type": text, "optional": false, "schema": null, "note": text });
            let described = json!({ "type": text, "optional": false, "schema": {
                "type": "object", "properties": { text: { "enum": [text, { text: text }], "description": text, "default": text } },
            } });
            let description = description(json!({
                "handlers": [
                    { "event": "rpc", "pattern": text, "handler": text, "docs": text, "data": unknown, "result": described },
                    { "event": "rpc", "pattern": format!("a/{{id}}/{text}"), "data": described },
                    { "event": "rpc", "pattern": "*", "handler": text },
                    { "event": "connect", "data": described },
                ],
                "channels": [{
                    "name": "Chat", "pattern": text, "prefix": text, "docs": text, "file": text, "line": 1, "options": {},
                    "fields": [{ "name": "a", "type": text, "rest": false, "after": text }], "publication": described, "item": null,
                }],
                "schemas": { text: { "type": "string", "description": text, "format": text } },
                "errors": [{ "name": text, "file": text, "line": 1, "docs": text, "cases": [{
                    "name": text, "docs": text, "answer": "error", "code": 1, "message": text, "format": null, "temporary": false, "error": null,
                }] }],
            }));
            let javascript = javascript_client(&description);
            for file in [
                typescript_client(&description),
                javascript.code,
                javascript.declarations,
            ] {
                assert!(file.contains("alert()"), "{file}");
                let code = bare_code(&file);
                assert!(
                    !code.contains("alert()") && code.contains("class Api"),
                    "{text}: {code}\n{file}"
                );
            }
        }
    }
}
