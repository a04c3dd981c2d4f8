//! Collects the JSON Schemas of types.
//!
//! serde can read and write a type in different ways: `#[serde(default)]` makes a field optional only where the type is read. A
//! type is therefore described once as input and once as output. If both descriptions are equal, they share one name.
//! Otherwise, the input has the name with `Input` at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::{io, thread};

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::schema::SchemaFn;

const REFERENCE: &str = "#/schemas/";

/// Whether the program reads or writes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Input,
    Output,
}

pub(super) struct Schemas {
    input: SchemaGenerator,
    output: SchemaGenerator,
}

impl Default for Schemas {
    fn default() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self {
            input: settings().for_deserialize().into_generator(),
            output: settings().for_serialize().into_generator(),
        }
    }
}

impl Schemas {
    /// Returns the schema of a type, which can refer to definitions.
    ///
    /// The thread has the name of the type, so that the message of a panic or of a stack overflow says which type caused it.
    /// schemars does not end for a variant of an internally tagged enum that holds nothing but the enum itself:
    /// <https://github.com/GREsau/schemars/issues/70>.
    ///
    /// # Errors
    ///
    /// Returns an error if the thread can't be started.
    pub(super) fn add(
        &mut self,
        type_name: &str,
        schema: SchemaFn,
        direction: Direction,
    ) -> io::Result<Value> {
        let generator = match direction {
            Direction::Input => &mut self.input,
            Direction::Output => &mut self.output,
        };
        let thread = thread::Builder::new().name(format!("JSON Schema of {type_name}"));
        thread::scope(|scope| {
            let schema = thread.spawn_scoped(scope, || schema.add_to(generator).to_value())?;
            Ok(schema.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
    }

    /// Returns the definitions, and the new references in schemas of input.
    pub(super) fn finish(mut self) -> (Map<String, Value>, RenamedSchemas) {
        merge(
            self.input.take_definitions(true),
            self.output.take_definitions(true),
        )
    }
}

/// References of input whose definitions differ from those of output with the same name.
pub(super) struct RenamedSchemas(BTreeMap<String, String>);

impl RenamedSchemas {
    /// Renames the references in a schema of input.
    pub(super) fn apply(&self, schema: &mut Value) {
        match schema {
            Value::Object(object) => {
                for (key, value) in object {
                    match value {
                        Value::String(text) if key == "$ref" => {
                            if let Some(new) = self.0.get(text) {
                                text.clone_from(new);
                            }
                        }
                        value => self.apply(value),
                    }
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.apply(value)),
            _ => {}
        }
    }
}

fn merge(input: Map<String, Value>, mut output: Map<String, Value>) -> (Map<String, Value>, RenamedSchemas) {
    let mut different: BTreeSet<&str> = input
        .iter()
        .filter(|(name, schema)| output.get(*name).is_some_and(|other| other != *schema))
        .map(|(name, _)| name.as_str())
        .collect();
    // A definition also differs if it refers to one that does. A name that only the input has stays as it is.
    loop {
        let references: BTreeSet<_> = different.iter().map(|name| reference(name)).collect();
        let more: Vec<_> = input
            .iter()
            .filter(|(name, schema)| {
                !different.contains(name.as_str())
                    && output.contains_key(*name)
                    && refers(schema, &references)
            })
            .map(|(name, _)| name.as_str())
            .collect();
        if more.is_empty() {
            break;
        }
        different.extend(more);
    }
    let mut names = BTreeMap::new();
    for name in &different {
        let is_free = |new: &String| {
            !input.contains_key(new) && !output.contains_key(new) && !names.values().any(|taken| taken == new)
        };
        let new = std::iter::once(format!("{name}Input"))
            .chain((2_u64..).map(|number| format!("{name}Input{number}")))
            .find(is_free);
        names.extend(new.map(|new| ((*name).to_owned(), new)));
    }
    let renamed = RenamedSchemas(
        names
            .iter()
            .map(|(old, new)| (reference(old), reference(new)))
            .collect(),
    );
    for (name, mut schema) in input {
        renamed.apply(&mut schema);
        output.insert(names.remove(&name).unwrap_or(name), schema);
    }
    output.sort_keys();
    (output, renamed)
}

fn refers(schema: &Value, references: &BTreeSet<String>) -> bool {
    match schema {
        Value::Object(object) => object.iter().any(|(key, value)| match value {
            Value::String(text) => key == "$ref" && references.contains(text),
            value => refers(value, references),
        }),
        Value::Array(values) => values.iter().any(|value| refers(value, references)),
        _ => false,
    }
}

/// Returns the reference to a definition: a JSON Pointer in a URI fragment, with the characters that schemars escapes.
fn reference(name: &str) -> String {
    let mut reference = REFERENCE.to_owned();
    for byte in name.bytes() {
        match byte {
            b'~' => reference.push_str("~0"),
            b'/' => reference.push_str("~1"),
            b'!' | b'$' | b'&'..=b';' | b'=' | b'?'..=b'Z' | b'_' | b'a'..=b'z' => {
                reference.push(char::from(byte));
            }
            _ => reference.push_str(&format!("%{byte:2X}")),
        }
    }
    reference
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema as _;
    use serde_json::json;

    use super::*;

    fn definitions(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn shares_equal_definitions() {
        let line = json!({ "Line": { "type": "object" } });
        let (merged, renamed) = merge(definitions(line.clone()), definitions(line.clone()));
        assert_eq!(Value::from(merged), line);
        assert!(renamed.0.is_empty());
    }

    #[test]
    fn renames_input_that_differs_and_what_refers_to_it() {
        let page = json!({ "items": { "$ref": "#/schemas/Line%3Cu8%3E" } });
        let input =
            json!({ "Line<u8>": { "default": 1 }, "Page": page, "Query": { "$ref": "#/schemas/Page" } });
        let output = json!({ "Line<u8>": {}, "Page": page, "Line<u8>Input": true });
        let (merged, renamed) = merge(definitions(input), definitions(output));
        let expected = json!({
            "Line<u8>": {},
            "Line<u8>Input": true,
            "Line<u8>Input2": { "default": 1 },
            "Page": page,
            "PageInput": { "items": { "$ref": "#/schemas/Line%3Cu8%3EInput2" } },
            "Query": { "$ref": "#/schemas/PageInput" },
        });
        assert_eq!(Value::from(merged), expected);
        let mut schema = json!([{ "$ref": "#/schemas/Page" }, { "$ref": "#/schemas/Query" }]);
        renamed.apply(&mut schema);
        assert_eq!(
            schema,
            json!([{ "$ref": "#/schemas/PageInput" }, { "$ref": "#/schemas/Query" }])
        );
    }

    #[test]
    fn escapes_references_as_schemars_does() {
        struct Odd;

        impl schemars::JsonSchema for Odd {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                "a~b/c<ö> \"d\"%".into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> schemars::Schema {
                true.into()
            }
        }

        let mut schemas = Schemas::default();
        let schema = schemas
            .add("Odd", SchemaFn::of::<Odd>(), Direction::Input)
            .unwrap();
        assert_eq!(schema, json!({ "$ref": reference(&Odd::schema_name()) }));
    }
}
