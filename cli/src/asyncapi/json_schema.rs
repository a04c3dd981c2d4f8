//! Schemas of AsyncAPI, which are JSON Schema of draft 7. Programs print draft 2020-12.

use serde_json::{Map, Value, json};

/// Keywords whose value is a schema.
const ONE: [&str; 9] = [
    "additionalProperties",
    "additionalItems",
    "propertyNames",
    "contains",
    "not",
    "if",
    "then",
    "else",
    "items",
];
/// Keywords whose value is a list of schemas.
const LIST: [&str; 3] = ["allOf", "anyOf", "oneOf"];
/// Keywords whose value is an object of schemas.
const OBJECT: [&str; 2] = ["properties", "patternProperties"];

/// Returns a schema of draft 7. `reference` returns the new reference to `#/schemas/NAME`, or `None` if there is no such schema.
pub(super) fn draft_7(schema: &Value, reference: &impl Fn(&str) -> Option<String>) -> Value {
    let object = match schema {
        Value::Bool(false) => return json!({ "not": {} }),
        Value::Object(object) => object,
        _ => return json!({}),
    };
    let mut result = Map::new();
    for (keyword, value) in object {
        let one = |value: &Value| draft_7(value, reference);
        let value = match (keyword.as_str(), value) {
            (
                "$schema"
                | "$id"
                | "$comment"
                | "$defs"
                | "$anchor"
                | "unevaluatedProperties"
                | "unevaluatedItems"
                | "prefixItems"
                | "$ref",
                _,
            ) => {
                continue;
            }
            ("additionalProperties" | "additionalItems", Value::Bool(_)) => value.clone(),
            (keyword, value) if ONE.contains(&keyword) => one(value),
            (keyword, Value::Array(schemas)) if LIST.contains(&keyword) => schemas.iter().map(one).collect(),
            (keyword, Value::Object(schemas)) if OBJECT.contains(&keyword) => {
                let schemas = schemas.iter().map(|(key, schema)| (key.clone(), one(schema)));
                Value::Object(schemas.collect())
            }
            (_, value) => value.clone(),
        };
        result.insert(keyword.clone(), value);
    }
    if let Some(Value::Array(items)) = object.get("prefixItems") {
        let rest = object.get("items").map(|items| match items {
            Value::Bool(_) => items.clone(),
            items => draft_7(items, reference),
        });
        result.insert(
            "items".to_owned(),
            items.iter().map(|item| draft_7(item, reference)).collect(),
        );
        if let Some(rest) = rest {
            result.insert("additionalItems".to_owned(), rest);
        }
    }
    let Some(target) = object.get("$ref").and_then(Value::as_str) else {
        return result.into();
    };
    let Some(target) = reference(target) else {
        return result.into();
    };
    // Nothing may stand beside a reference.
    let target = json!({ "$ref": target });
    if result.is_empty() {
        return target;
    }
    match result.get_mut("allOf").and_then(Value::as_array_mut) {
        Some(schemas) => schemas.push(target),
        None => drop(result.insert("allOf".to_owned(), json!([target]))),
    }
    result.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_what_draft_7_lacks() {
        let reference = |name: &str| (name == "#/schemas/A").then(|| "#/components/schemas/A".to_owned());
        let a = json!({ "$ref": "#/components/schemas/A" });
        for (schema, expected) in [
            (json!(true), json!({})),
            (json!(false), json!({ "not": {} })),
            (json!({ "$ref": "#/schemas/A" }), a.clone()),
            (json!({ "$ref": "#/schemas/B" }), json!({})),
            (
                json!({ "$ref": "#/schemas/A", "description": "x" }),
                json!({ "description": "x", "allOf": [a] }),
            ),
            (
                json!({ "$schema": "x", "type": "array", "prefixItems": [{ "type": "string" }, true], "minItems": 2 }),
                json!({ "type": "array", "items": [{ "type": "string" }, {}], "minItems": 2 }),
            ),
            (
                json!({ "prefixItems": [{ "$ref": "#/schemas/A" }], "items": false }),
                json!({ "items": [a], "additionalItems": false }),
            ),
            (
                json!({ "properties": { "$ref": { "$ref": "#/schemas/A" } }, "additionalProperties": false, "unevaluatedProperties": false }),
                json!({ "properties": { "$ref": a }, "additionalProperties": false }),
            ),
            (
                json!({ "oneOf": [{ "const": { "$ref": 1 } }, { "enum": [true, null] }], "default": { "prefixItems": [] } }),
                json!({ "oneOf": [{ "const": { "$ref": 1 } }, { "enum": [true, null] }], "default": { "prefixItems": [] } }),
            ),
            (
                json!({ "additionalProperties": { "$ref": "#/schemas/A" } }),
                json!({ "additionalProperties": a }),
            ),
        ] {
            assert_eq!(draft_7(&schema, &reference), expected, "{schema}");
        }
    }
}
