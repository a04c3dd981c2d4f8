//! Patterns of channels and methods, checked before the program runs. The runtime reads them again.

use syn::ext::IdentExt;
use syn::parse::Parser;

/// The names of a pattern's named wildcards, in order; or what is wrong with it, once for each mistake.
pub(crate) fn names(text: &str) -> Result<Vec<String>, Vec<String>> {
    let mut reader = Reader {
        text,
        names: Vec::new(),
        mistakes: Vec::new(),
        after_wildcard: false,
    };
    if text.is_empty() {
        reader.mistake("must not be empty", "");
    }
    reader.read();
    if reader.mistakes.is_empty() {
        Ok(reader.names)
    } else {
        Err(reader.mistakes)
    }
}

struct Reader<'a> {
    text: &'a str,
    names: Vec<String>,
    mistakes: Vec<String>,
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
                (Some(escape), _) => self.literal(escape.len()),
                (None, '*') => {
                    self.wildcard();
                    1
                }
                (None, '{') => match rest.find('}') {
                    Some(end) => {
                        self.wildcard();
                        self.name(&rest[1..end]);
                        end + 1
                    }
                    None => {
                        self.mistake(
                            "has a `{` without a `}`",
                            "\nhelp: write `{{` for the character itself",
                        );
                        return;
                    }
                },
                (None, '}') => {
                    self.mistake(
                        "has a `}` without a `{`",
                        "\nhelp: write `}}` for the character itself",
                    );
                    self.literal(1)
                }
                (None, other) => self.literal(other.len_utf8()),
            };
            rest = &rest[length..];
        }
    }

    fn literal(&mut self, length: usize) -> usize {
        self.after_wildcard = false;
        length
    }

    fn wildcard(&mut self) {
        if self.after_wildcard {
            self.mistake(
                "has two wildcards side by side",
                "\nhelp: put literal text between them, so that it is clear where one ends",
            );
        }
        self.after_wildcard = true;
    }

    fn name(&mut self, inside: &str) {
        let name = inside.strip_suffix('*').unwrap_or(inside);
        if name.is_empty() {
            self.mistake(
                &format!("has `{{{inside}}}` without a name"),
                "\nhelp: `*` needs no name",
            );
        } else if !is_identifier(name) {
            let help = match name.split_once(':') {
                Some((name, ty)) => format!(
                    "\nhelp: the type stands at the argument: `{{{name}}}` and `{name}: {}`",
                    ty.trim()
                ),
                None if name.starts_with('*') => format!("\nhelp: `{{{}*}}`", name.trim_start_matches('*')),
                None => "\nhelp: a name is that of an argument; write `{{` for the character itself".into(),
            };
            self.mistake(&format!("names `{name}`, which is not an identifier"), &help);
        } else if self.names.iter().any(|known| known == name) {
            self.mistake(&format!("names `{name}` twice"), "");
        } else {
            self.names.push(name.to_owned());
        }
    }

    fn mistake(&mut self, what: &str, help: &str) {
        self.mistakes
            .push(format!("pattern `{}` {what}{help}", self.text));
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

    fn mistake(text: &str) -> String {
        let mistakes = names(text).unwrap_err();
        assert_eq!(mistakes.len(), 1, "{mistakes:?}");
        let line = mistakes[0].lines().next().unwrap_or_default();
        line.strip_prefix(&format!("pattern `{text}` "))
            .unwrap_or(line)
            .to_owned()
    }

    #[test]
    fn finds_names_in_order() {
        assert_eq!(names("chat:{room}/{rest*}").unwrap(), ["room", "rest"]);
        assert_eq!(names("{größe}:{type}").unwrap(), ["größe", "type"]);
        for text in ["user/get", "news:*", "*", r"a\*b", "a{{b}}", r"\", "*:*", r"*\**"] {
            assert_eq!(names(text).unwrap(), [""; 0], "{text}");
        }
        assert_eq!(names("{{{room}}}").unwrap(), ["room"]);
    }

    #[test]
    fn refuses_what_is_malformed() {
        assert_eq!(mistake(""), "must not be empty");
        assert_eq!(mistake("chat:{room"), "has a `{` without a `}`");
        assert_eq!(mistake("chat:room}"), "has a `}` without a `{`");
        assert_eq!(mistake("chat:{}"), "has `{}` without a name");
        assert_eq!(mistake("chat:{*}"), "has `{*}` without a name");
        for name in ["9", "a b", "a-b", "_", "r#type", "a**", "{a"] {
            let shown = name.strip_suffix('*').unwrap_or(name);
            let text = format!("x{{{name}}}");
            if name != "{a" {
                assert_eq!(
                    mistake(&text),
                    format!("names `{shown}`, which is not an identifier")
                );
            }
        }
    }

    #[test]
    fn refuses_wildcards_side_by_side() {
        for text in ["**", "*{a}", "{a}*", "{a}{b*}"] {
            assert_eq!(mistake(text), "has two wildcards side by side", "{text}");
        }
    }

    #[test]
    fn refuses_a_name_twice() {
        assert_eq!(mistake("{a}:{a*}"), "names `a` twice");
    }

    #[test]
    fn finds_all_mistakes() {
        assert_eq!(names("{a}{a}}").unwrap_err().len(), 3);
    }
}
