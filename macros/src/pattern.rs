//! Patterns of channels and methods, checked at compile time. The runtime parses them again at start.

use syn::ext::IdentExt;
use syn::parse::Parser;

/// A part of a pattern. The text has no escapes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PatternPart {
    Text(String),
    /// `*`
    Any,
    /// `{name}`
    Segment(String),
    /// `{name*}`
    Rest(String),
}

/// Returns the names of the named wildcards in their order, or one message per error.
pub(crate) fn names(text: &str) -> Result<Vec<String>, Vec<String>> {
    let parts = parts(text)?.into_iter();
    Ok(parts
        .filter_map(|part| match part {
            PatternPart::Segment(name) | PatternPart::Rest(name) => Some(name),
            PatternPart::Text(_) | PatternPart::Any => None,
        })
        .collect())
}

/// Returns the parts of a pattern, or one message per error.
pub(crate) fn parts(text: &str) -> Result<Vec<PatternPart>, Vec<String>> {
    let mut reader = Reader {
        text,
        parts: Vec::new(),
        errors: Vec::new(),
        after_wildcard: false,
    };
    if text.is_empty() {
        reader.error("must not be empty", "");
    }
    reader.read();
    if reader.errors.is_empty() {
        Ok(reader.parts)
    } else {
        Err(reader.errors)
    }
}

struct Reader<'a> {
    text: &'a str,
    parts: Vec<PatternPart>,
    errors: Vec<String>,
    after_wildcard: bool,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut rest = self.text;
        while let Some(first) = rest.chars().next() {
            let escape = ["\\*", "{{", "}}"]
                .into_iter()
                .find(|escape| rest.starts_with(escape));
            let length = match (escape, first) {
                (Some(escape), _) => {
                    self.literal(&escape[1..]);
                    escape.len()
                }
                (None, '*') => {
                    self.wildcard();
                    self.parts.push(PatternPart::Any);
                    1
                }
                (None, '{') => match rest.find('}') {
                    Some(end) => {
                        self.wildcard();
                        self.name(&rest[1..end]);
                        end + 1
                    }
                    None => {
                        self.error(
                            "has a `{` without a `}`",
                            "\nhelp: write `{{` for the character `{`",
                        );
                        return;
                    }
                },
                (None, '}') => {
                    self.error(
                        "has a `}` without a `{`",
                        "\nhelp: write `}}` for the character `}`",
                    );
                    self.literal("}");
                    1
                }
                (None, other) => {
                    let len = other.len_utf8();
                    self.literal(&rest[..len]);
                    len
                }
            };
            rest = &rest[length..];
        }
    }

    fn literal(&mut self, text: &str) {
        self.after_wildcard = false;
        match self.parts.last_mut() {
            Some(PatternPart::Text(before)) => before.push_str(text),
            _ => self.parts.push(PatternPart::Text(text.to_owned())),
        }
    }

    fn has_name(&self, name: &str) -> bool {
        self.parts.iter().any(|part| match part {
            PatternPart::Segment(known) | PatternPart::Rest(known) => known == name,
            PatternPart::Text(_) | PatternPart::Any => false,
        })
    }

    fn wildcard(&mut self) {
        if self.after_wildcard {
            self.error(
                "has two adjacent wildcards",
                "\nhelp: separate them by literal text",
            );
        }
        self.after_wildcard = true;
    }

    fn name(&mut self, inside: &str) {
        let name = inside.strip_suffix('*').unwrap_or(inside);
        if name.is_empty() {
            self.error(
                &format!("has `{{{inside}}}` without a name"),
                "\nhelp: `*` needs no name",
            );
        } else if !is_identifier(name) {
            let help = match name.split_once(':') {
                Some((name, ty)) => format!(
                    "\nhelp: put the type at the argument: `{{{name}}}` and `{name}: {}`",
                    ty.trim()
                ),
                None if name.starts_with('*') => format!("\nhelp: `{{{}*}}`", name.trim_start_matches('*')),
                None => "\nhelp: use the name of an argument, or write `{{` for the character `{`".into(),
            };
            self.error(&format!("names `{name}`, which is not an identifier"), &help);
        } else if self.has_name(name) {
            self.error(&format!("names `{name}` twice"), "");
        } else if inside.ends_with('*') {
            self.parts.push(PatternPart::Rest(name.to_owned()));
        } else {
            self.parts.push(PatternPart::Segment(name.to_owned()));
        }
    }

    fn error(&mut self, what: &str, help: &str) {
        self.errors.push(format!("pattern `{}` {what}{help}", self.text));
    }
}

fn is_identifier(name: &str) -> bool {
    name != "_"
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        && syn::Ident::parse_any.parse_str(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let errors = names(text).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        let line = errors[0].lines().next().unwrap_or_default();
        line.strip_prefix(&format!("pattern `{text}` "))
            .unwrap_or(line)
            .to_owned()
    }

    #[test]
    fn returns_names_in_order() {
        assert_eq!(names("chat:{room}/{rest*}").unwrap(), ["room", "rest"]);
        assert_eq!(names("{größe}:{type}").unwrap(), ["größe", "type"]);
        for text in ["user/get", "news:*", "*", r"a\*b", "a{{b}}", r"\", "*:*", r"*\**"] {
            assert_eq!(names(text).unwrap(), [""; 0], "{text}");
        }
        assert_eq!(names("{{{room}}}").unwrap(), ["room"]);
    }

    #[test]
    fn returns_parts_without_escapes() {
        let text = |text: &str| PatternPart::Text(text.into());
        let expected = [
            text("a{*"),
            PatternPart::Segment("x".into()),
            text(":é"),
            PatternPart::Any,
            text("}"),
            PatternPart::Rest("y".into()),
        ];
        assert_eq!(parts(r"a{{\*{x}:é*}}{y*}").unwrap(), expected);
    }

    #[test]
    fn refuses_malformed_patterns() {
        assert_eq!(error(""), "must not be empty");
        assert_eq!(error("chat:{room"), "has a `{` without a `}`");
        assert_eq!(error("chat:room}"), "has a `}` without a `{`");
        assert_eq!(error("chat:{}"), "has `{}` without a name");
        assert_eq!(error("chat:{*}"), "has `{*}` without a name");
        for name in ["9", "a b", "a-b", "_", "r#type", "a**", "{a"] {
            let shown = name.strip_suffix('*').unwrap_or(name);
            let text = format!("x{{{name}}}");
            if name != "{a" {
                assert_eq!(
                    error(&text),
                    format!("names `{shown}`, which is not an identifier")
                );
            }
        }
    }

    #[test]
    fn refuses_adjacent_wildcards() {
        for text in ["**", "*{a}", "{a}*", "{a}{b*}"] {
            assert_eq!(error(text), "has two adjacent wildcards", "{text}");
        }
    }

    #[test]
    fn refuses_a_name_twice() {
        assert_eq!(error("{a}:{a*}"), "names `a` twice");
    }

    #[test]
    fn reports_all_errors() {
        assert_eq!(names("{a}{a}}").unwrap_err().len(), 3);
    }
}
