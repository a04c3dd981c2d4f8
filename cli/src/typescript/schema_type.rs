//! Reads JSON Schemas as types of TypeScript.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::doc_comment::Docs;
use super::identifier::{property_key, string_literal};
use super::ts_type::{Member, Property, TsType};

/// The longest array of a fixed length that is written as a tuple.
const MAX_TUPLE: u64 = 16;

/// Reads schemas that refer to definitions as `#/schemas/NAME`.
#[derive(Debug)]
pub(super) struct SchemaReader<'a> {
    /// The names of the types that stand for the definitions.
    pub(super) names: &'a BTreeMap<String, String>,
}

impl SchemaReader<'_> {
    /// Returns the type of the values that a schema describes. Keywords that only narrow a type, such as `minimum` and `not`, are
    /// ignored, so that each value fits the type.
    pub(super) fn read(&self, schema: &Value) -> TsType {
        match schema {
            Value::Bool(false) => TsType::Never,
            Value::Object(schema) => self.read_object(schema),
            _ => TsType::Unknown,
        }
    }

    fn read_object(&self, schema: &Map<String, Value>) -> TsType {
        if let Some(value) = schema.get("const") {
            return literal(value);
        }
        if let Some(Value::Array(values)) = schema.get("enum") {
            return TsType::union(values.iter().map(|value| literal(value).into()).collect());
        }
        let mut parts = Vec::new();
        if let Some(reference) = schema.get("$ref") {
            parts.push(self.read_reference(reference));
        }
        if let Some(Value::Array(all)) = schema.get("allOf") {
            parts.extend(all.iter().map(|schema| self.read(schema)));
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(Value::Array(members)) = schema.get(key) {
                parts.push(self.read_union(members));
            }
        }
        // Beside other schemas, a bare `type` says nothing new.
        let structure = [
            "properties",
            "additionalProperties",
            "patternProperties",
            "items",
            "prefixItems",
        ];
        let says_more = |key: &str| schema.get(key).is_some_and(|value| *value != Value::Bool(false));
        if parts.is_empty() || structure.into_iter().any(says_more) {
            parts.insert(0, self.read_types(schema));
        }
        TsType::intersection(merge_objects(parts))
    }

    /// Reads the keyword `type`, or what the other keywords say about it.
    fn read_types(&self, schema: &Map<String, Value>) -> TsType {
        let names: Vec<&str> = match schema.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ if schema.contains_key("properties") || schema.contains_key("additionalProperties") => {
                vec!["object"]
            }
            _ if schema.contains_key("items") || schema.contains_key("prefixItems") => vec!["array"],
            _ => return TsType::Unknown,
        };
        let read = |name: &str| match name {
            "object" => self.read_properties(schema),
            "array" => self.read_items(schema),
            "integer" | "number" => TsType::text("number"),
            "string" | "boolean" | "null" => TsType::text(name),
            _ => TsType::Unknown,
        };
        TsType::union(names.into_iter().map(|name| read(name).into()).collect())
    }

    fn read_union(&self, schemas: &[Value]) -> TsType {
        let member = |schema: &Value| {
            let is_reference = schema.get("$ref").is_some();
            Member {
                // The definition has the docs.
                docs: if is_reference && schema.get("properties").is_none() {
                    Docs::default()
                } else {
                    schema_docs(schema)
                },
                value: self.read(schema),
            }
        };
        TsType::union(schemas.iter().map(member).collect())
    }

    fn read_reference(&self, reference: &Value) -> TsType {
        let name = reference
            .as_str()
            .and_then(|text| text.strip_prefix("#/schemas/"));
        let found = name.and_then(|name| {
            self.names
                .get(name)
                .or_else(|| self.names.get(&decode_pointer(name)))
        });
        found.map_or(TsType::Unknown, |name| TsType::text(name))
    }

    fn read_items(&self, schema: &Map<String, Value>) -> TsType {
        let number = |key: &str| schema.get(key).and_then(Value::as_u64);
        let items = schema
            .get("items")
            .map_or(TsType::Unknown, |items| self.read(items));
        if let Some(Value::Array(first)) = schema.get("prefixItems") {
            let items_are_all = items == TsType::Never || number("maxItems") == Some(first.len() as u64);
            return TsType::Tuple {
                items: first.iter().map(|schema| self.read(schema)).collect(),
                rest: (!items_are_all).then(|| Box::new(items)),
            };
        }
        match (number("minItems"), number("maxItems")) {
            (Some(min), Some(max)) if min == max && max <= MAX_TUPLE => TsType::Tuple {
                items: (0..max).map(|_| items.clone()).collect(),
                rest: None,
            },
            _ => TsType::Array(Box::new(items)),
        }
    }

    fn read_properties(&self, schema: &Map<String, Value>) -> TsType {
        let required: Vec<&str> = match schema.get("required") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        // Sorted, so that the output does not depend on features of `serde_json`.
        let mut schemas = BTreeMap::<&str, &Value>::new();
        schemas.extend(required.iter().map(|name| (*name, &Value::Bool(true))));
        if let Some(Value::Object(properties)) = schema.get("properties") {
            schemas.extend(properties.iter().map(|(name, schema)| (name.as_str(), schema)));
        }
        let properties: Vec<_> = schemas
            .into_iter()
            .map(|(name, schema)| Property {
                name: name.to_owned(),
                docs: schema_docs(schema),
                is_optional: !required.contains(&name),
                value: self.read(schema),
            })
            .collect();
        let index = self.read_index(schema, &properties);
        TsType::Object { properties, index }
    }

    /// Returns the type of the properties that have no name in the schema. TypeScript asks for a type that the named ones have, too.
    fn read_index(&self, schema: &Map<String, Value>, properties: &[Property]) -> Option<Box<TsType>> {
        let mut members = Vec::<Member>::new();
        if let Some(Value::Object(patterns)) = schema.get("patternProperties") {
            members.extend(patterns.values().map(|schema| Member::from(self.read(schema))));
        }
        match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => {}
            Some(other) => members.push(self.read(other).into()),
            None if properties.is_empty() && members.is_empty() => members.push(TsType::Unknown.into()),
            None => {}
        }
        if members.is_empty() {
            return None;
        }
        members.extend(
            properties
                .iter()
                .map(|property| Member::from(property.value.clone())),
        );
        if properties.iter().any(|property| property.is_optional) {
            members.push(TsType::text("undefined").into());
        }
        Some(Box::new(TsType::union(members)))
    }
}

/// Returns the doc comment that a schema has, with the format of a text and the default.
pub(super) fn schema_docs(schema: &Value) -> Docs {
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let mut docs = Docs::new(text("description").or(text("title")).unwrap_or_default());
    let is_text = match schema.get("type") {
        Some(Value::String(name)) => name == "string",
        Some(Value::Array(names)) => names.iter().any(|name| name == "string"),
        _ => false,
    };
    for (key, label) in [
        ("format", "Format"),
        ("contentEncoding", "Encoding"),
        ("contentMediaType", "Media type"),
    ] {
        if let Some(value) = text(key).filter(|_| is_text) {
            docs.push(&format!("{label}: {value}."));
        }
    }
    if let Some(default) = schema.get("default").filter(|default| !default.is_null()) {
        docs.push(&format!("@default {default}"));
    }
    if schema.get("deprecated") == Some(&Value::Bool(true)) {
        docs.push("@deprecated");
    }
    docs
}

/// Makes one object of those that have no property in common and no other properties.
fn merge_objects(parts: Vec<TsType>) -> Vec<TsType> {
    let mut merged = Vec::<TsType>::new();
    for part in parts {
        if let (
            TsType::Object {
                properties: new,
                index: None,
            },
            Some(TsType::Object {
                properties,
                index: None,
            }),
        ) = (&part, merged.last_mut())
        {
            let is_disjoint = new
                .iter()
                .all(|property| properties.iter().all(|other| other.name != property.name));
            if is_disjoint {
                properties.extend(new.iter().cloned());
                continue;
            }
        }
        merged.push(part);
    }
    merged
}

/// Returns the type of one value.
fn literal(value: &Value) -> TsType {
    match value {
        Value::String(text) => TsType::Text(string_literal(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => TsType::Text(value.to_string()),
        Value::Array(items) => TsType::Tuple {
            items: items.iter().map(literal).collect(),
            rest: None,
        },
        Value::Object(properties) => {
            let sorted: BTreeMap<_, _> = properties.iter().collect();
            let parts: Vec<_> = sorted
                .into_iter()
                .map(|(name, value)| format!("{}: {}", property_key(name), literal(value).print("")))
                .collect();
            TsType::Text(format!("{{ {} }}", parts.join("; ")))
        }
    }
}

/// Decodes a segment of a JSON pointer in a URL fragment.
fn decode_pointer(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match hex.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes)
        .replace("~1", "/")
        .replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(schema: Value) -> String {
        let names =
            [("Line", "Line"), ("a/b c", "a_b_c")].map(|(key, name)| (key.to_owned(), name.to_owned()));
        SchemaReader { names: &names.into() }.read(&schema).print("")
    }

    #[test]
    fn reads_scalars_and_unknown_schemas() {
        for (schema, expected) in [
            (json!({ "type": "integer", "format": "uint8" }), "number"),
            (json!({ "type": ["string", "null"] }), "string | null"),
            (
                json!({ "const": { "a-b": [1, null] } }),
                r#"{ "a-b": [1, null] }"#,
            ),
            (
                json!({ "enum": ["a", "b", null], "type": ["string", "null"] }),
                r#""a" | "b" | null"#,
            ),
            (json!(true), "unknown"),
            (json!(false), "never"),
            (json!({ "type": "quantity" }), "unknown"),
            (json!({ "not": { "type": "string" } }), "unknown"),
            (json!("x"), "unknown"),
        ] {
            assert_eq!(read(schema.clone()), expected, "{schema}");
        }
    }

    #[test]
    fn reads_references() {
        for (reference, expected) in [
            ("#/schemas/Line", "Line"),
            ("#/schemas/a~1b%20c", "a_b_c"),
            ("#/schemas/Nobody", "unknown"),
            ("#/schemas/%", "unknown"),
            ("https://example.com/x", "unknown"),
        ] {
            assert_eq!(read(json!({ "$ref": reference })), expected);
        }
        let optional = json!({ "anyOf": [{ "$ref": "#/schemas/Line" }, { "type": "null" }] });
        assert_eq!(read(optional), "Line | null");
        let internally_tagged = json!({
            "$ref": "#/schemas/Line", "type": "object", "properties": { "kind": { "const": "line" } }, "required": ["kind"],
        });
        assert_eq!(read(internally_tagged), r#"{ kind: "line" } & Line"#);
    }

    #[test]
    fn reads_arrays_and_tuples() {
        let string = json!({ "type": "string" });
        for (schema, expected) in [
            (json!({ "type": "array", "items": string }), "string[]"),
            (json!({ "type": "array" }), "unknown[]"),
            (
                json!({ "type": "array", "items": string, "minItems": 2, "maxItems": 2 }),
                "[string, string]",
            ),
            (
                json!({ "type": "array", "items": string, "minItems": 99, "maxItems": 99 }),
                "string[]",
            ),
            (
                json!({ "type": "array", "prefixItems": [string], "minItems": 1, "maxItems": 1 }),
                "[string]",
            ),
            (
                json!({ "type": "array", "prefixItems": [string], "items": string }),
                "[string, ...string[]]",
            ),
        ] {
            assert_eq!(read(schema.clone()), expected, "{schema}");
        }
    }

    #[test]
    fn reads_objects_and_maps() {
        let number = json!({ "type": "number" });
        for (schema, expected) in [
            (
                json!({ "type": "object", "additionalProperties": number }),
                "{ [key: string]: number }",
            ),
            (
                json!({ "type": "object", "patternProperties": { "^\\d+$": number }, "additionalProperties": false }),
                "{ [key: string]: number }",
            ),
            (json!({ "type": "object" }), "{ [key: string]: unknown }"),
            (
                json!({ "type": "object", "required": ["a"], "additionalProperties": false }),
                "{ a: unknown }",
            ),
            (
                json!({ "type": "object", "properties": { "b": { "type": "string" }, "a": number }, "required": ["a"], "additionalProperties": number }),
                "{ a: number; b?: string; [key: string]: number | string | undefined }",
            ),
            // A flattened enum.
            (
                json!({ "type": "object", "properties": { "a": number }, "required": ["a"], "oneOf": [
                    { "type": "object", "properties": { "b": number }, "required": ["b"] }, { "$ref": "#/schemas/Line" },
                ] }),
                "{ a: number } & ({ b: number } | Line)",
            ),
            // A flattened struct.
            (
                json!({ "allOf": [{ "type": "object", "properties": { "a": number } }, { "type": "object", "properties": { "b": number } }] }),
                "{ a?: number; b?: number }",
            ),
        ] {
            assert_eq!(read(schema.clone()), expected, "{schema}");
        }
    }

    #[test]
    fn keeps_docs_of_members_and_properties() {
        let schema = json!({ "oneOf": [
            { "type": "string", "const": "a", "description": "The first." },
            { "type": "object", "properties": { "at": { "type": "string", "format": "date-time", "default": "x" } } },
        ] });
        let expected = "\n  /** The first. */\n  | \"a\"\n  | {\n    /**\n     * Format: date-time.\n     *\n     * @default \"x\"\n     */\n    at?: string;\n  }";
        assert_eq!(read(schema), expected);
    }
}
