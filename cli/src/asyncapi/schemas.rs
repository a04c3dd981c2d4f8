//! The schemas of a document.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::json_schema::draft_7;
use super::names::Names;
use crate::description::{DataType, Description};

/// The schemas of a document, and the names of those that the description has.
pub(super) struct Schemas {
    pub(super) names: Names,
    pub(super) components: Map<String, Value>,
    /// From the references of the description to those of the document.
    references: HashMap<String, String>,
}

impl Schemas {
    pub(super) fn new(description: &Description) -> Self {
        let mut schemas = Self {
            names: Names::default(),
            components: Map::new(),
            references: HashMap::new(),
        };
        let described: Vec<_> = description.schemas.iter().flatten().collect();
        let names: Vec<_> = described
            .iter()
            .map(|(name, _)| {
                let unique = schemas.names.take(name);
                schemas
                    .references
                    .insert(format!("#/schemas/{}", escaped(name)), component(&unique));
                unique
            })
            .collect();
        for (name, (_, schema)) in names.into_iter().zip(described) {
            let schema = schemas.schema(schema);
            schemas.components.insert(name, schema);
        }
        schemas
    }

    fn schema(&self, schema: &Value) -> Value {
        draft_7(schema, &|target| {
            let plain = target.replace("%25", "%");
            self.references
                .get(target)
                .or_else(|| self.references.get(&plain))
                .cloned()
        })
    }

    /// Returns a message that carries this type.
    pub(super) fn message(&self, data: &DataType, title: &str) -> Value {
        let mut message = json!({ "name": short_name(&data.name), "title": title });
        let mut notes = Vec::new();
        if data.optional {
            notes.push("The data may be missing.".to_owned());
        }
        match &data.schema {
            Some(schema) => message["payload"] = self.schema(schema),
            None => {
                let why = data
                    .note
                    .as_deref()
                    .map_or_else(String::new, |note| format!(": {note}"));
                notes.push(format!("The schema of `{}` is unknown{why}.", data.name));
                message["payload"] = json!({});
            }
        }
        if !notes.is_empty() {
            message["description"] = notes.join(" ").into();
        }
        message
    }
}

/// Returns the reference to a schema of the document.
pub(super) fn component(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// Returns a name as it stands in a reference.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Returns the name of a type without modules.
pub(super) fn short_name(name: &str) -> String {
    let mut short = String::new();
    let mut word = String::new();
    let mut chars = name.chars().peekable();
    while let Some(char) = chars.next() {
        if char == ':' && chars.peek() == Some(&':') {
            chars.next();
            word.clear();
        } else if char.is_alphanumeric() || char == '_' {
            word.push(char);
        } else {
            short.push_str(&std::mem::take(&mut word));
            short.push(char);
        }
    }
    short + &word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_no_modules() {
        for (name, short) in [
            ("Line", "Line"),
            ("app::chat::Line", "Line"),
            ("Vec<app::Line>", "Vec<Line>"),
            (
                "std::collections::HashMap<String, app::Line>",
                "HashMap<String, Line>",
            ),
        ] {
            assert_eq!(short_name(name), short);
        }
    }
}
