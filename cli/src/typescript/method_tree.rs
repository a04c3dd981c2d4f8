//! The methods of the backend, as nested objects.

use std::collections::BTreeMap;

use super::data_types::DataTypes;
use super::doc_comment::Docs;
use super::error_codes::ErrorCodes;
use super::identifier::{object_key, property_key, string_literal};
use super::pattern_code;
use super::source_text::SourceText;
use super::ts_type::TsType;
use crate::description::{Description, Event, Handler};
use crate::pattern::Pattern;

/// A group of methods, which can be a method, too.
#[derive(Debug, Default)]
pub(super) struct MethodTree {
    method: Option<Method>,
    members: BTreeMap<String, MethodTree>,
}

#[derive(Debug)]
struct Method {
    docs: Docs,
    text: String,
    pattern: Pattern,
    data: Option<Data>,
    result: TsType,
}

#[derive(Debug)]
struct Data {
    value: TsType,
    is_optional: bool,
}

impl MethodTree {
    pub(super) fn new(description: &Description, types: &DataTypes, errors: &ErrorCodes<'_>) -> Self {
        let mut methods: Vec<_> = description
            .handlers
            .iter()
            .filter(|handler| handler.event == Event::Rpc)
            .map(|handler| {
                (
                    handler,
                    Pattern::parse(handler.pattern.as_deref().unwrap_or_default()),
                )
            })
            .collect();
        // Methods without wildcards choose their names first.
        methods.sort_by_key(|(handler, pattern)| (pattern.exact_text().is_none(), handler.pattern.clone()));
        let mut tree = Self::default();
        for (handler, pattern) in methods {
            tree.add(handler, Method::new(handler, pattern, types, errors));
        }
        tree
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn add(&mut self, handler: &Handler, mut method: Method) {
        let mut words = pattern_code::words(&method.pattern);
        let function = handler.handler.rsplit("::").next().unwrap_or_default();
        let wanted = words
            .pop()
            .unwrap_or_else(|| function.trim_start_matches("r#").to_owned());
        let mut group = self;
        for word in words {
            group = group.members.entry(word).or_default();
        }
        let (mut name, mut number) = (wanted.clone(), 2_u64);
        while group.members.get(&name).is_some_and(|node| node.method.is_some()) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        if name != wanted {
            method.docs.push(&format!(
                "It is called `{name}` here, because another method is called `{wanted}`."
            ));
        }
        group.members.entry(name).or_default().method = Some(method);
    }

    /// Writes the members of the type, each on lines of its own.
    pub(super) fn print_type(&self, indent: &str) -> String {
        let mut text = String::new();
        for (name, node) in &self.members {
            let key = property_key(name);
            let inner = format!("{indent}  ");
            match &node.method {
                Some(method) if node.members.is_empty() => {
                    let (parameters, result) = (method.parameters(indent), method.result.print(indent));
                    text.push_str(&method.docs.print(indent));
                    text.push_str(&format!(
                        "{indent}readonly {key}: ({parameters}) => Promise<{result}>;\n"
                    ));
                }
                method => {
                    text.push_str(&format!("{indent}readonly {key}: {{\n"));
                    if let Some(method) = method {
                        let (parameters, result) = (method.parameters(&inner), method.result.print(&inner));
                        text.push_str(&method.docs.print(&inner));
                        text.push_str(&format!("{inner}({parameters}): Promise<{result}>;\n"));
                    }
                    text.push_str(&node.print_type(&inner));
                    text.push_str(&format!("{indent}}};\n"));
                }
            }
        }
        text
    }

    /// Writes the members of the object, each on lines of its own.
    pub(super) fn print_code(&self, indent: &str) -> SourceText {
        let mut code = SourceText::default();
        let inner = format!("{indent}  ");
        for (name, node) in &self.members {
            code.both(&format!("{indent}{}: ", object_key(name)));
            match &node.method {
                Some(method) if node.members.is_empty() => code.append(&method.print_code(indent)),
                method => {
                    if let Some(method) = method {
                        code.both("methodAndGroup(");
                        code.append(&method.print_code(indent));
                        code.both(", ");
                    }
                    code.both("{\n");
                    code.append(&node.print_code(&inner));
                    code.both(&format!("{indent}}}{}", if method.is_some() { ")" } else { "" }));
                }
            }
            code.both(",\n");
        }
        code
    }

    /// Whether a method has wildcards.
    pub(super) fn has_wildcards(&self) -> bool {
        self.any(&|node| {
            node.method
                .as_ref()
                .is_some_and(|method| method.pattern.exact_text().is_none())
        })
    }

    /// Whether a method is a group of methods, too.
    pub(super) fn has_method_and_group(&self) -> bool {
        self.any(&|node| node.method.is_some() && !node.members.is_empty())
    }

    fn any(&self, test: &impl Fn(&Self) -> bool) -> bool {
        test(self) || self.members.values().any(|node| node.any(test))
    }
}

impl Method {
    fn new(handler: &Handler, pattern: Pattern, types: &DataTypes, errors: &ErrorCodes<'_>) -> Self {
        let text = handler.pattern.clone().unwrap_or_default();
        let mut docs = Docs::new(&handler.docs);
        if pattern.exact_text().is_none() {
            docs.push(&format!("Calls the method `{text}`."));
        }
        let data = handler.data.as_ref().map(|data| Data {
            value: types.data(data, "data", &mut docs),
            is_optional: data.optional,
        });
        let result = handler.result.as_ref();
        let result = result.map_or(TsType::text("void"), |result| {
            types.data(result, "result", &mut docs)
        });
        docs.push(&errors.of_handler(handler));
        Self {
            docs,
            text,
            pattern,
            data,
            result,
        }
    }

    fn parameters(&self, indent: &str) -> String {
        let mut parameters = Vec::new();
        let wildcards: Vec<_> = self
            .pattern
            .wildcards()
            .map(|(name, _)| format!("{}: PatternValue", property_key(name)))
            .collect();
        if !wildcards.is_empty() {
            parameters.push(format!("parameters: {{ {} }}", wildcards.join("; ")));
        }
        if let Some(Data { value, is_optional }) = &self.data {
            let optional = if *is_optional { "?" } else { "" };
            parameters.push(format!("data{optional}: {}", value.print(indent)));
        }
        parameters.join(", ")
    }

    fn print_code(&self, indent: &str) -> SourceText {
        let mut code = SourceText::default();
        let has_wildcards = self.pattern.exact_text().is_none();
        let names = [
            has_wildcards.then_some("parameters"),
            self.data.is_some().then_some("data"),
        ];
        code.types(&format!("async ({})", self.parameters(indent)));
        let names = names.into_iter().flatten().collect::<Vec<_>>().join(", ");
        code.javascript.push_str(&format!("async ({names})"));
        let method = match self.pattern.exact_text() {
            Some(text) => string_literal(text),
            None => {
                let name = string_literal(&format!("the method `{}`", self.text));
                format!(
                    "writePattern({name}, {}, parameters)",
                    pattern_code::print(&self.pattern)
                )
            }
        };
        let data = if self.data.is_some() { "data" } else { "null" };
        code.both(&format!(" => call({method}, {data})"));
        code
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::description;
    use super::*;

    fn tree(handlers: Value) -> (String, SourceText) {
        let description = description(json!({ "handlers": handlers }));
        let types = DataTypes::new(&description);
        let tree = MethodTree::new(&description, &types, &ErrorCodes::new(&description));
        (tree.print_type(""), tree.print_code(""))
    }

    fn rpc(pattern: &str) -> Value {
        json!({ "event": "rpc", "pattern": pattern, "handler": "app::some_function" })
    }

    #[test]
    fn nests_methods_and_passes_parameters() {
        let string = json!({ "type": "String", "optional": true, "schema": { "type": "string" } });
        let mut say = rpc("say/{room}/{text*}");
        say["data"] = string.clone();
        let (types, code) = tree(json!([rpc("user"), rpc("user.get"), say]));
        let expected = "\
/** Calls the method `say/{room}/{text*}`. */
readonly say: (parameters: { room: PatternValue; text: PatternValue }, data?: string) => Promise<void>;
readonly user: {
  (): Promise<void>;
  readonly get: () => Promise<void>;
};
";
        assert_eq!(types, expected);
        let expected = r#"say: async (parameters, data) => call(writePattern("the method `say/{room}/{text*}`", ["say/", { name: "room" }, "/", { name: "text", rest: true }], parameters), data),
user: methodAndGroup(async () => call("user", null), {
  get: async () => call("user.get", null),
}),
"#;
        assert_eq!(code.javascript, expected);
        assert!(
            code.typescript
                .contains("text: PatternValue }, data?: string) => call("),
            "{}",
            code.typescript
        );
    }

    #[test]
    fn renames_methods_that_collide() {
        let (types, code) = tree(json!([
            rpc("user/{id}"),
            rpc("{org}/user"),
            rpc("user"),
            rpc("*"),
            rpc("user2"),
            rpc("__proto__")
        ]));
        for part in [
            "readonly user: () =>",
            "readonly user2: () =>",
            "readonly user3: (parameters: { id:",
            "readonly user4: (parameters: { org:",
        ] {
            assert!(types.contains(part), "{part} in {types}");
        }
        assert!(
            types.contains("It is called `user3` here, because another method is called `user`."),
            "{types}"
        );
        assert!(
            types.contains("readonly some_function: (parameters: { wildcard: PatternValue })"),
            "{types}"
        );
        assert!(
            code.javascript
                .contains(r#"["__proto__"]: async () => call("__proto__", null)"#)
        );
    }
}
