//! Names and texts in TypeScript.

use std::fmt::Write as _;

/// Words that cannot name a type or a value.
const RESERVED: [&str; 60] = [
    "abstract",
    "any",
    "arguments",
    "as",
    "async",
    "await",
    "bigint",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "declare",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "never",
    "new",
    "null",
    "number",
    "object",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "string",
    "super",
    "switch",
    "symbol",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "unknown",
    "var",
    "void",
    "while",
];

/// Whether a text is an identifier that can name a type.
pub(super) fn is_type_name(text: &str) -> bool {
    is_identifier(text) && !RESERVED.contains(&text) && !matches!(text, "with" | "yield")
}

/// Whether a text can be a property without quotation marks. Letters beyond ASCII are quoted.
fn is_identifier(text: &str) -> bool {
    let is_start = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$');
    text.starts_with(is_start) && text.chars().all(|c| is_start(c) || c.is_ascii_digit())
}

/// Makes an identifier of any text, which may be one already.
pub(super) fn type_name(text: &str) -> String {
    let replaced: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '_' | '$') {
                c
            } else {
                '_'
            }
        })
        .collect();
    if is_type_name(&replaced) {
        replaced
    } else {
        format!("_{replaced}")
    }
}

/// Writes a name as the key of a property in a type.
pub(super) fn property_key(name: &str) -> String {
    if is_identifier(name) {
        name.to_owned()
    } else {
        string_literal(name)
    }
}

/// Writes a name as the key of a property in an object. `__proto__` would set the prototype.
pub(super) fn object_key(name: &str) -> String {
    if name == "__proto__" {
        r#"["__proto__"]"#.to_owned()
    } else {
        property_key(name)
    }
}

/// Writes a text as a string literal.
pub(super) fn string_literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' => literal.push_str("\\n"),
            '\t' => literal.push_str("\\t"),
            c if is_invisible(c) => {
                let _ = write!(literal, "\\u{:04x}", u32::from(c));
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// Whether a character is not seen, ends a line, or changes the direction of the text around it.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Returns a name of Rust with a lower-case first word, as methods have it: `XmlFeed` and `XMLFeed` become `xmlFeed`.
pub(super) fn camel_case(name: &str) -> String {
    let chars: Vec<char> = name.strip_prefix("r#").unwrap_or(name).chars().collect();
    let mut text = String::with_capacity(name.len());
    let mut is_first_word = true;
    for (index, &c) in chars.iter().enumerate() {
        let next_is_lower = chars.get(index + 1).is_some_and(|next| next.is_lowercase());
        if index > 0 && (!c.is_uppercase() || next_is_lower) {
            is_first_word = false;
        }
        if is_first_word {
            text.extend(c.to_lowercase());
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_identifiers() {
        for (text, name) in [
            ("Page", "Page"),
            ("Page<Line>", "Page_Line_"),
            ("class", "_class"),
            ("3D", "_3D"),
            ("with", "_with"),
            ("Größe", "Gr__e"),
            ("", "_"),
        ] {
            assert_eq!(type_name(text), name);
        }
    }

    #[test]
    fn quotes_keys_that_are_no_identifiers() {
        for (name, key) in [
            ("a_b$1", "a_b$1"),
            ("delete", "delete"),
            ("get-all", "\"get-all\""),
            ("", "\"\""),
            ("1", "\"1\""),
        ] {
            assert_eq!(property_key(name), key);
        }
        assert_eq!(object_key("__proto__"), r#"["__proto__"]"#);
    }

    #[test]
    fn escapes_what_cannot_be_seen() {
        assert_eq!(
            string_literal("a\"\\\n\r\u{2028}\u{202e}é"),
            r#""a\"\\\n\u000d\u2028\u202eé""#
        );
    }

    #[test]
    fn lowers_the_first_word() {
        for (name, method) in [
            ("Chat", "chat"),
            ("ChatRoom", "chatRoom"),
            ("XMLFeed", "xmlFeed"),
            ("DM", "dm"),
            ("r#Type", "type"),
            ("chat_room", "chat_room"),
            ("A1", "a1"),
        ] {
            assert_eq!(camel_case(name), method);
        }
    }
}
