//! Fields of log lines and spans as members of a JSON object.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{Debug, Display, Write as _};

use smallvec::SmallVec;
use tracing::field::{Field, Visit};

use super::convention_fields::is_convention;
use super::error_chain::chain;

/// The keys of an object.
pub(super) type Keys = SmallVec<[Cow<'static, str>; 16]>;

/// Writes fields as the members of an object, without its braces, so that later fields can be appended.
pub(super) struct JsonMembers<'a> {
    pub(super) text: &'a mut String,
    /// The keys that the object has. A field with such a name gets a key of its own, since many readers refuse an object that has
    /// a key twice, and others drop one of the two values.
    pub(super) keys: Keys,
    /// Where the first field `message` goes. `None` if it is a member.
    pub(super) message: Option<&'a mut String>,
    /// The memory for values that are formatted before they are quoted.
    pub(super) value: &'a mut String,
    /// Longer texts are cut, in bytes before they are escaped.
    pub(super) max_text_len: usize,
}

impl JsonMembers<'_> {
    /// Begins a member. Its value follows.
    fn push_name(&mut self, field: &Field) {
        if !self.text.is_empty() {
            self.text.push(',');
        }
        let key = self.unused_key(field.name());
        push_quoted(self.text, &key);
        self.text.push(':');
        self.keys.push(key);
    }

    /// Returns the name of a field, with `_` after it if another member has the name.
    fn unused_key(&self, name: &'static str) -> Cow<'static, str> {
        // A keyword is a field as `r#type`.
        let mut key = Cow::Borrowed(name.strip_prefix("r#").unwrap_or(name));
        while self.keys.contains(&key) {
            key.to_mut().push('_');
        }
        key
    }

    /// Adds a number or a truth value.
    fn add(&mut self, field: &Field, json: impl Display) {
        if !is_convention(field) {
            self.push_name(field);
            // Writing to a text does not fail.
            let _ = write!(self.text, "{json}");
        }
    }

    fn add_text(&mut self, field: &Field, text: &str) {
        if field.name() == "message"
            && let Some(message) = self.message.take()
        {
            message.push_str(&cut(text, self.max_text_len));
        } else if !is_convention(field) {
            self.push_name(field);
            push_quoted(self.text, &cut(text, self.max_text_len));
        }
    }
}

impl Visit for JsonMembers<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.add(field, value);
        } else {
            self.add_text(field, &value.to_string());
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add_text(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.add_text(field, &chain(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = std::mem::take(self.value);
        text.clear();
        let _ = write!(text, "{value:?}");
        if field.name() == "message" {
            // A message is formatted text, whose quotation marks are its own.
            self.add_text(field, &text);
        } else {
            self.add_text(field, &unquoted(&text));
        }
        *self.value = text;
    }
}

/// Removes the member with this key from members that [`JsonMembers`] has written.
pub(super) fn remove_member(members: &mut String, key: &str) {
    let mut name = String::with_capacity(key.len() + 3);
    push_quoted(&mut name, key);
    name.push(':');
    // Most fields are recorded once. A text that contains this has a backslash before the first quotation mark.
    if !members.contains(&name) {
        return;
    }
    let mut start = 0;
    while let Some(rest) = members.get(start..)
        && !rest.is_empty()
    {
        let end = start + first_member_len(rest);
        if rest.starts_with(&name) {
            // With the comma after it, or with the comma before the last one.
            let range = if end < members.len() {
                start..end + 1
            } else {
                start.saturating_sub(1)..end
            };
            members.drain(range);
            return;
        }
        start = end + 1;
    }
}

/// Returns the length of the first member. Its value is a text, a number or a truth value.
fn first_member_len(members: &str) -> usize {
    let (mut is_in_text, mut is_escaped) = (false, false);
    for (index, byte) in members.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => is_in_text = !is_in_text,
            b',' if !is_in_text => return index,
            _ => {}
        }
    }
    members.len()
}

/// Cuts a text off after this many bytes, or a little earlier between two characters.
fn cut(text: &str, max_len: usize) -> Cow<'_, str> {
    if text.len() <= max_len {
        return text.into();
    }
    let mut end = max_len;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{} … (cut)", text.get(..end).unwrap_or_default()).into()
}

/// Whether a character with this byte may be escaped. Most texts are short, so that looking up each byte takes fewer instructions
/// than comparing several at once.
static MAY_BE_ESCAPED: [bool; 256] = {
    let mut may_be_escaped = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        may_be_escaped[byte] = byte < b' ' as usize || byte > b'~' as usize;
        byte += 1;
    }
    may_be_escaped[b'"' as usize] = true;
    may_be_escaped[b'\\' as usize] = true;
    may_be_escaped
};

/// Appends a text as JSON. Characters that cannot be printed are escaped, also those that JSON allows, so that no text of a client
/// changes how a terminal shows the line.
pub(super) fn push_quoted(json: &mut String, text: &str) {
    json.reserve(text.len() + 2);
    json.push('"');
    if text.bytes().any(|byte| MAY_BE_ESCAPED[usize::from(byte)]) {
        text.chars().for_each(|c| push_char(json, c));
    } else {
        json.push_str(text);
    }
    json.push('"');
}

fn push_char(json: &mut String, c: char) {
    match c {
        '"' => json.push_str("\\\""),
        '\\' => json.push_str("\\\\"),
        '\n' => json.push_str("\\n"),
        '\r' => json.push_str("\\r"),
        '\t' => json.push_str("\\t"),
        // Most others are in the unit of a duration.
        ' '..='~' | 'µ' => json.push(c),
        // Rust knows which characters can be printed.
        c if c.escape_debug().nth(1).is_some() => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a text does not fail.
                let _ = write!(json, "\\u{unit:04x}");
            }
        }
        c => json.push(c),
    }
}

/// Reverts `Debug` of a text: removes its quotation marks and its escapes. `Display` of a text with quotation marks around it cannot
/// be told apart from that. Other text is returned unchanged.
fn unquoted(text: &str) -> Cow<'_, str> {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let Some(inner) = inner else {
        return text.into();
    };
    if !inner.contains('\\') {
        return inner.into();
    }
    let (mut plain, mut rest) = (String::with_capacity(inner.len()), inner);
    while let Some((before, escaped)) = rest.split_once('\\') {
        plain.push_str(before);
        let Some((c, after)) = unescape(escaped) else {
            // Not a text that `Debug` has escaped.
            return inner.into();
        };
        plain.push(c);
        rest = after;
    }
    plain.push_str(rest);
    plain.into()
}

/// Returns the character that follows a backslash, and the text after it.
fn unescape(escaped: &str) -> Option<(char, &str)> {
    let mut chars = escaped.chars();
    let c = match chars.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        'u' => {
            let (digits, after) = chars.as_str().strip_prefix('{')?.split_once('}')?;
            let c = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?;
            return Some((c, after));
        }
        c @ ('\\' | '"' | '\'') => c,
        _ => return None,
    };
    Some((c, chars.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reverts_debug_of_text() {
        for text in ["", "a", "a\"b\\c\n\t\r\0'\u{1b}[31m\u{202e}é😀"] {
            assert_eq!(unquoted(&format!("{text:?}")), text);
        }
        for text in ["Some(\"a\")", "\"", "plain"] {
            assert_eq!(unquoted(text), text);
        }
        assert_eq!(unquoted(r#""\q""#), r"\q");
    }

    #[test]
    fn removes_one_member() {
        let all = r#""a":1,"b":"\",\"c\":2","c":true,"é":"\\""#;
        for (key, expected) in [
            ("a", r#""b":"\",\"c\":2","c":true,"é":"\\""#),
            ("b", r#""a":1,"c":true,"é":"\\""#),
            ("c", r#""a":1,"b":"\",\"c\":2","é":"\\""#),
            ("é", r#""a":1,"b":"\",\"c\":2","c":true"#),
            ("d", all),
        ] {
            let mut members = all.to_owned();
            remove_member(&mut members, key);
            assert_eq!(members, expected);
        }
        let mut only = r#""a":1"#.to_owned();
        remove_member(&mut only, "a");
        assert_eq!(only, "");
    }

    #[test]
    fn escapes_what_cannot_be_printed() {
        for (text, expected) in [
            ("", ""),
            ("plain", "plain"),
            ("üé😀", "üé😀"),
            ("\"a\\b\"", r#"\"a\\b\""#),
            (
                "\u{1f}\u{7f}\u{9b}\u{2028}\u{202e}",
                r"\u001f\u007f\u009b\u2028\u202e",
            ),
            ("\n at the end\r\t", r"\n at the end\r\t"),
            ("\u{e0001}", r"\udb40\udc01"),
        ] {
            let mut json = String::new();
            push_quoted(&mut json, text);
            assert_eq!(json, format!("\"{expected}\""));
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
