//! The types of the data that clients send and receive.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::doc_comment::Docs;
use super::identifier::type_name;
use super::schema_type::{SchemaReader, schema_docs};
use super::ts_type::TsType;
use crate::description::{DataType, Description};
use crate::unique_names::UniqueNames;

/// Names in the file that no type of the program can have: its own, those of centrifuge-js, the global ones that it uses, and the type
/// parameter of `TypedClientInfo`, in which a type of the program is named.
pub(super) const TAKEN: [&str; 57] = [
    "Api",
    "Call",
    "Centrifuge",
    "ChanInfo",
    "ChannelName",
    "Channels",
    "ClientInfo",
    "ConnectData",
    "ConnectedContext",
    "ErrorName",
    "ErrorOf",
    "HistoryOptions",
    "HistoryResult",
    "JoinContext",
    "LeaveContext",
    "MapEntry",
    "MapSubscription",
    "MapSubscriptionEvents",
    "MapSubscriptionOptions",
    "Omit",
    "Part",
    "PatternValue",
    "Pick",
    "PresenceResult",
    "Promise",
    "PublicationContext",
    "PublishResult",
    "Record",
    "Rpc",
    "ServerPublicationContext",
    "SharedPollSubscription",
    "SharedPollSubscriptionEvents",
    "SharedPollSubscriptionOptions",
    "SubscribedContext",
    "Subscription",
    "SubscriptionEvents",
    "SubscriptionOptions",
    "TypedClientInfo",
    "TypedConnectedContext",
    "TypedEventEmitter",
    "TypedHistoryResult",
    "TypedJoinContext",
    "TypedLeaveContext",
    "TypedMapEntry",
    "TypedMapSubscription",
    "TypedMapSubscriptionEvents",
    "TypedMapUpdate",
    "TypedOptions",
    "TypedPresenceResult",
    "TypedPublicationContext",
    "TypedServerPublicationContext",
    "TypedSharedPollSubscription",
    "TypedSharedPollSubscriptionEvents",
    "TypedSharedPollUpdate",
    "TypedSubscribedContext",
    "TypedSubscription",
    "TypedSubscriptionEvents",
];

/// The types of a program's data.
#[derive(Debug)]
pub(super) struct DataTypes {
    /// The names of the types that stand for the definitions.
    names: BTreeMap<String, String>,
    declarations: Vec<Declaration>,
}

/// A type with a name.
#[derive(Debug)]
struct Declaration {
    docs: Docs,
    name: String,
    value: TsType,
}

impl DataTypes {
    pub(super) fn new(description: &Description) -> Self {
        let definitions: BTreeMap<&String, &Value> = description.schemas.iter().flatten().collect();
        let names = choose_names(definitions.keys().map(|name| name.as_str()));
        let reader = SchemaReader { names: &names };
        let mut declarations: Vec<_> = definitions
            .iter()
            .map(|(key, schema)| {
                let name = names.get(*key).cloned().unwrap_or_default();
                let mut docs = schema_docs(schema);
                if name != **key {
                    docs.push(&format!("The program calls this type `{key}`. The name is not free or no identifier in TypeScript."));
                }
                Declaration {
                    docs,
                    name,
                    value: reader.read(schema),
                }
            })
            .collect();
        break_circles(&mut declarations);
        Self { names, declarations }
    }

    /// Returns the type of data, and says in `docs` why it is unknown.
    pub(super) fn data(&self, data: &DataType, what: &str, docs: &mut Docs) -> TsType {
        if let Some(schema) = &data.schema {
            return SchemaReader { names: &self.names }.read(schema);
        }
        let note = data
            .note
            .as_deref()
            .unwrap_or("the program is built without the feature `schema`");
        docs.push(&format!("The type of the {what} is unknown: {note}."));
        TsType::Unknown
    }

    /// Returns the type of data that is any of these.
    pub(super) fn any_of<'a>(
        &self,
        all: impl IntoIterator<Item = &'a DataType>,
        what: &str,
        docs: &mut Docs,
    ) -> TsType {
        let members = all.into_iter().map(|data| self.data(data, what, docs).into());
        TsType::union(members.collect())
    }

    /// Writes the declarations of all types.
    pub(super) fn print(&self) -> String {
        let mut text = String::new();
        for Declaration { docs, name, value } in &self.declarations {
            text.push_str(&docs.print(""));
            match value.print_properties("  ") {
                Some(properties) => text.push_str(&format!("export interface {name} {{\n{properties}}}\n\n")),
                None => text.push_str(&format!("export type {name} ={};\n\n", value.print_after(""))),
            }
        }
        text
    }
}

/// Gives each definition a name. Those whose name is a free identifier keep it.
fn choose_names<'a>(definitions: impl Iterator<Item = &'a str> + Clone) -> BTreeMap<String, String> {
    let keeps_name = |name: &str| type_name(name) == name && !TAKEN.contains(&name);
    let mut unique = UniqueNames::new(TAKEN);
    let mut names = BTreeMap::new();
    for keep in [true, false] {
        for key in definitions.clone().filter(|key| keeps_name(key) == keep) {
            names.insert(key.to_owned(), unique.take(&type_name(key)));
        }
    }
    names
}

/// Makes types unknown that are only other names for themselves, such as `struct A(Option<Box<A>>)`, which TypeScript
/// refuses. A type that contains itself in an object or an array is none of these.
fn break_circles(declarations: &mut [Declaration]) {
    let mut same = BTreeMap::<String, BTreeSet<String>>::new();
    for Declaration { name, value, .. } in declarations.iter_mut() {
        let names = same.entry(name.clone()).or_default();
        value.visit_same_level(&mut |part| {
            if let TsType::Text(text) = part {
                names.insert(text.clone());
            }
        });
    }
    for Declaration { name, value, docs } in declarations {
        let mut is_circular = false;
        value.visit_same_level(&mut |part| {
            is_circular |= matches!(part, TsType::Text(text) if reaches(&same, text, name));
        });
        if is_circular {
            // Each type of a circle becomes unknown, so that the result does not depend on their order.
            *value = TsType::Unknown;
            docs.push("This type is unknown: it is only another name for itself.");
        }
    }
}

/// Whether a name stands for another one, in any number of steps.
fn reaches(same: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            open.extend(same.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::description;
    use super::*;

    fn print(schemas: Value) -> String {
        DataTypes::new(&description(json!({ "schemas": schemas }))).print()
    }

    #[test]
    fn declares_objects_as_interfaces() {
        let text = print(json!({
            "Line": { "type": "object", "properties": { "text": { "type": "string" } }, "required": ["text"], "description": "A line." },
            "Lines": { "type": "array", "items": { "$ref": "#/schemas/Line" } },
        }));
        let expected =
            "/** A line. */\nexport interface Line {\n  text: string;\n}\n\nexport type Lines = Line[];\n\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn renames_types_whose_name_is_not_free() {
        let text = print(
            json!({ "Promise": true, "class": true, "_class": true, "Page<Line>": true, "Page_Line_": { "$ref": "#/schemas/Promise" } }),
        );
        for part in [
            "`Promise`. The name is not free or no identifier in TypeScript. */\nexport type Promise2 = unknown;",
            "export type _class = unknown;",
            "`class`. The name is not free or no identifier in TypeScript. */\nexport type _class2 = unknown;",
            "export type Page_Line_ = Promise2;",
            "export type Page_Line_2 = unknown;",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn breaks_only_circles_without_a_container() {
        let reference = |name: &str| json!({ "$ref": format!("#/schemas/{name}") });
        let optional = |name: &str| json!({ "anyOf": [reference(name), { "type": "null" }] });
        let text = print(json!({
            "Itself": optional("Itself"), "A": optional("B"), "B": reference("A"), "OfA": optional("A"),
            "List": { "type": "object", "properties": { "next": optional("List") } },
            "Tree": { "type": "array", "items": reference("Tree") },
        }));
        for part in [
            "type Itself = unknown;",
            "type A = unknown;",
            "type B = unknown;",
            "type OfA = A | null;",
            "next?: List | null;",
            "type Tree = Tree[];",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(text.matches("only another name for itself").count(), 3);
    }
}
