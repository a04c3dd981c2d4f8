//! The errors that clients receive.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::schemas::{Schemas, component, short_name};
use crate::description::{Answer, Description, ErrorCase, ErrorType};

/// The messages of error types, by the names of the types.
pub(super) struct ErrorMessages {
    /// From the name of an error type to the name of its message.
    pub(super) names: HashMap<String, String>,
    pub(super) components: Map<String, Value>,
}

/// Adds the schemas of all error types, and returns their messages.
pub(super) fn add(description: &Description, schemas: &mut Schemas) -> ErrorMessages {
    let errors: Vec<_> = description.errors.iter().flatten().collect();
    let names: HashMap<_, _> = errors
        .iter()
        .map(|error| (error.name.clone(), schemas.names.take(&short_name(&error.name))))
        .collect();
    let mut components = Map::new();
    for error in errors {
        let Some(name) = names.get(&error.name) else {
            continue;
        };
        schemas.components.insert(name.clone(), schema(error, &names));
        let mut message = json!({ "name": name, "title": name, "payload": { "$ref": component(name) } });
        if !error.docs.is_empty() {
            message["description"] = error.docs.as_str().into();
        }
        components.insert(name.clone(), message);
    }
    ErrorMessages { names, components }
}

fn schema(error: &ErrorType, names: &HashMap<String, String>) -> Value {
    let own = names.get(&error.name).map(|name| component(name));
    let cases = error.cases.iter().map(|case| case_schema(case, names));
    // A case that passes on its own type adds nothing.
    let cases: Vec<_> = cases
        .filter(|case| case.get("$ref").and_then(Value::as_str) != own.as_deref())
        .collect();
    let mut schema = match cases.len() {
        0 => any_error(),
        _ => json!({ "oneOf": cases }),
    };
    if !error.docs.is_empty() {
        schema["description"] = error.docs.as_str().into();
    }
    schema
}

fn case_schema(case: &ErrorCase, names: &HashMap<String, String>) -> Value {
    let (text, also) = match case.answer {
        Answer::Error => ("message", ""),
        Answer::Disconnect => ("reason", "The connection ends."),
        Answer::Internal => ("message", "The cause is in the log of the program only."),
        Answer::Transparent => {
            let name = case.error.as_ref().and_then(|error| names.get(error));
            return name.map_or_else(any_error, |name| json!({ "$ref": component(name) }));
        }
    };
    let mut properties = json!({ "code": { "type": "integer" }, text: { "type": "string" } });
    if let Some(code) = case.code {
        properties["code"]["const"] = code.into();
    }
    match (&case.message, &case.format) {
        (Some(message), _) => properties[text]["const"] = message.as_str().into(),
        (None, Some(format)) => properties[text]["description"] = format!("`{format}`").into(),
        (None, None) => {}
    }
    if case.temporary {
        properties["temporary"] = json!({ "type": "boolean", "const": true });
    }
    let description = [case.docs.trim(), also]
        .into_iter()
        .filter(|text| !text.is_empty());
    let description = description.collect::<Vec<_>>().join("\n\n");
    let mut schema =
        json!({ "title": case.name, "type": "object", "required": ["code", text], "properties": properties });
    if !description.is_empty() {
        schema["description"] = description.into();
    }
    schema
}

/// Returns the schema of an error that is not known.
fn any_error() -> Value {
    json!({
        "title": "Error",
        "type": "object",
        "required": ["code", "message"],
        "properties": { "code": { "type": "integer" }, "message": { "type": "string" }, "temporary": { "type": "boolean" } },
    })
}
