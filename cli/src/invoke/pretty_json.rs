//! JSON with line breaks.

use crate::printable::printable_json;

/// Indents JSON, and escapes control characters in its texts. Nothing else changes: numbers of any size, other escapes and the order
/// of keys stay as they are.
pub fn pretty_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut is_in_string = false;
    let mut chars = json.chars().peekable();
    let break_line = |text: &mut String, depth: usize| {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(c) = chars.next() {
        if is_in_string {
            text.push(c);
            match c {
                '\\' => text.extend(chars.next()),
                '"' => is_in_string = false,
                _ => {}
            }
            continue;
        }
        match c {
            ' ' | '\t' | '\n' | '\r' => {}
            '"' => {
                is_in_string = true;
                text.push(c);
            }
            '{' | '[' => {
                text.push(c);
                while chars.next_if(|c| c.is_ascii_whitespace()).is_some() {}
                if let Some(end) = chars.next_if(|c| matches!(c, '}' | ']')) {
                    text.push(end);
                } else {
                    depth += 1;
                    break_line(&mut text, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut text, depth);
                text.push(c);
            }
            ',' => {
                text.push(c);
                break_line(&mut text, depth);
            }
            ':' => text.push_str(": "),
            c => text.push(c),
        }
    }
    printable_json(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_white_space_alone() {
        let json = r#"{ "b":[ ],"a" :[1.0,{"x":"a{,}\" \\"}], "n":1152921504606846977123,"e":{}}"#;
        let expected = r#"{
  "b": [],
  "a": [
    1.0,
    {
      "x": "a{,}\" \\"
    }
  ],
  "n": 1152921504606846977123,
  "e": {}
}"#;
        assert_eq!(pretty_json(json), expected);
        assert_eq!(pretty_json("null"), "null");
        assert_eq!(pretty_json("\"\u{9b}31m\""), r#""\u009b31m""#);
    }
}
