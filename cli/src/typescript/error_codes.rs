//! The errors of the program, by name and code.

use std::collections::{BTreeMap, BTreeSet};

use super::doc_comment::Docs;
use super::identifier::object_key;
use super::source_text::SourceText;
use crate::description::{Answer, Description, ErrorCase, ErrorType, Handler};
use crate::unique_names::UniqueNames;

/// The largest number of errors that the comment of a method lists.
const MAX_LISTED: usize = 6;

/// The errors of a program.
#[derive(Debug)]
pub(super) struct ErrorCodes<'a> {
    types: BTreeMap<&'a str, &'a ErrorType>,
    /// The name of each case that has a code, by the names of its type and of the case.
    names: BTreeMap<(&'a str, &'a str), String>,
    errors: Vec<NamedError>,
}

#[derive(Debug)]
struct NamedError {
    docs: Docs,
    name: String,
    code: u32,
}

impl<'a> ErrorCodes<'a> {
    pub(super) fn new(description: &'a Description) -> Self {
        let types: BTreeMap<_, _> = description
            .errors
            .iter()
            .flatten()
            .map(|error| (error.name.as_str(), error))
            .collect();
        let cases = || {
            types.values().flat_map(|error| {
                let coded = error
                    .cases
                    .iter()
                    .filter_map(|case| Some((*error, case, code_of(case)?)));
                coded.collect::<Vec<_>>()
            })
        };
        let mut codes = BTreeMap::<&str, BTreeSet<u32>>::new();
        for (_, case, code) in cases() {
            codes.entry(&case.name).or_default().insert(code);
        }
        let mut unique = UniqueNames::default();
        let mut by_name = BTreeMap::<String, (Docs, u32)>::new();
        let mut names = BTreeMap::new();
        for (error, case, code) in cases() {
            let is_ambiguous = codes.get(case.name.as_str()).is_some_and(|codes| codes.len() > 1);
            let name = if is_ambiguous {
                let short = error.name.rsplit("::").next().unwrap_or_default();
                unique.take(&format!("{short}.{}", case.name))
            } else {
                case.name.clone()
            };
            names.insert((error.name.as_str(), case.name.as_str()), name.clone());
            let (docs, _) = by_name.entry(name).or_insert_with(|| (Docs::default(), code));
            docs.extend(case_docs(error, case));
            if is_ambiguous {
                docs.push(&format!(
                    "Errors of other types are called `{}`, too, and have other codes.",
                    case.name
                ));
            }
        }
        let errors = by_name
            .into_iter()
            .map(|(name, (docs, code))| NamedError { docs, name, code })
            .collect();
        Self { types, names, errors }
    }

    /// Returns the sentence that says which errors a handler answers with.
    pub(super) fn of_handler(&self, handler: &Handler) -> String {
        let (mut names, mut open, mut seen) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
        open.extend(handler.errors.iter().flatten().map(String::as_str));
        while let Some(name) = open.pop() {
            let Some(error) = self.types.get(name).filter(|_| seen.insert(name)) else {
                continue;
            };
            for case in &error.cases {
                if let (Some(code), Some(name)) = (code_of(case), self.names.get(&(name, case.name.as_str())))
                {
                    names.insert(format!("`{name}` ({code})"));
                }
                open.extend(case.error.as_deref());
            }
        }
        if names.is_empty() {
            return String::new();
        }
        if names.len() > MAX_LISTED {
            let types = seen.into_iter().map(|name| format!("`{name}`"));
            return format!(
                "Errors: those of {} in `errorCodes`.",
                types.collect::<Vec<_>>().join(", ")
            );
        }
        format!("Errors: {}.", names.into_iter().collect::<Vec<_>>().join(", "))
    }

    /// Writes the table of codes.
    pub(super) fn print(&self) -> SourceText {
        let mut code = SourceText::from_template(
            "/** The codes of the errors and disconnects of the backend. */\nexport const errorCodes = {",
        );
        for NamedError {
            docs,
            name,
            code: number,
        } in &self.errors
        {
            code.both(&format!(
                "\n{}  {}: {number},",
                docs.print("  "),
                object_key(name)
            ));
        }
        code.both(if self.errors.is_empty() { "}" } else { "\n}" });
        code.types(" as const");
        code.both(";\n\n");
        code
    }

    /// Writes the declaration of the table.
    pub(super) fn print_declaration(&self) -> String {
        let mut text = "/** The codes of the errors and disconnects of the backend. */\nexport declare const errorCodes: {".to_owned();
        for NamedError { docs, name, code } in &self.errors {
            text.push_str(&format!(
                "\n{}  readonly {}: {code};",
                docs.print("  "),
                super::identifier::property_key(name)
            ));
        }
        text + if self.errors.is_empty() { "};\n" } else { "\n};\n" }
    }
}

/// Returns the code that the client sees and that belongs to this case alone.
fn code_of(case: &ErrorCase) -> Option<u32> {
    match case.answer {
        Answer::Error | Answer::Disconnect => case.code,
        Answer::Internal | Answer::Transparent => None,
    }
}

fn case_docs(error: &ErrorType, case: &ErrorCase) -> Docs {
    let mut docs = Docs::new(&case.docs);
    let what = match case.answer {
        Answer::Disconnect => "Disconnect",
        _ if case.temporary => "Temporary error",
        _ => "Error",
    };
    let text = case.message.as_ref().or(case.format.as_ref());
    let text = text.map(|text| format!(": {text}")).unwrap_or_default();
    docs.push(&format!("{what} of `{}`{text}", error.name));
    docs
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::description;
    use super::*;

    fn case(name: &str, answer: &str, code: Value) -> Value {
        json!({ "name": name, "docs": "", "answer": answer, "code": code, "message": "no", "format": null, "temporary": false, "error": null })
    }

    fn error(name: &str, cases: &[Value]) -> Value {
        json!({ "name": name, "file": "", "line": 1, "docs": "", "cases": cases })
    }

    #[test]
    fn qualifies_names_with_different_codes() {
        let description = description(json!({ "errors": [
            error("app::A", &[case("Gone", "error", json!(1)), case("Same", "error", json!(5)), case("Db", "internal", json!(100))]),
            error("app::B", &[case("Gone", "disconnect", json!(4000)), case("Same", "error", json!(5))]),
            error("app::b::A", &[case("Gone", "error", json!(3)), case("Any", "transparent", json!(null))]),
        ] }));
        let code = ErrorCodes::new(&description).print().typescript;
        let lines: Vec<_> = code
            .lines()
            .map(str::trim)
            .filter(|line| line.ends_with(','))
            .collect();
        assert_eq!(
            lines,
            [
                "\"A.Gone\": 1,",
                "\"A.Gone2\": 3,",
                "\"B.Gone\": 4000,",
                "Same: 5,"
            ]
        );
        assert!(code.contains("Errors of other types are called `Gone`"), "{code}");
    }

    #[test]
    fn finds_the_errors_behind_transparent_cases() {
        let mut passed_on = case("Other", "transparent", json!(null));
        passed_on["error"] = "app::B".into();
        let mut back = case("Back", "transparent", json!(null));
        back["error"] = "app::A".into();
        let description = description(json!({
            "errors": [error("app::A", &[passed_on]), error("app::B", &[case("Gone", "error", json!(1)), back])],
            "handlers": [{ "event": "rpc", "pattern": "x", "handler": "app::x", "errors": ["app::A"] }],
        }));
        let errors = ErrorCodes::new(&description);
        assert_eq!(errors.of_handler(&description.handlers[0]), "Errors: `Gone` (1).");
    }

    #[test]
    fn names_the_type_of_many_errors() {
        let cases: Vec<_> = (1..9)
            .map(|code| case(&format!("E{code}"), "error", json!(code)))
            .collect();
        let description = description(json!({
            "errors": [error("app::A", &cases)],
            "handlers": [{ "event": "rpc", "pattern": "x", "handler": "app::x", "errors": ["app::A"] }],
        }));
        let errors = ErrorCodes::new(&description);
        assert_eq!(
            errors.of_handler(&description.handlers[0]),
            "Errors: those of `app::A` in `errorCodes`."
        );
    }
}
