//! What a scalar of YAML means.

use serde_json::{Number, Value};

/// Returns the value of a scalar without quotes, as Centrifugo's YAML package for Go reads it: `yes` and `on` are texts.
pub(super) fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return true.into(),
        "false" | "False" | "FALSE" => return false.into(),
        _ => {}
    }
    if !text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) {
        return text.into();
    }
    number(text).map_or_else(|| text.into(), Value::Number)
}

fn number(text: &str) -> Option<Number> {
    let digits = text.replace('_', "");
    if let Some(number) = integer(&digits) {
        return i64::try_from(number)
            .map(Number::from)
            .or_else(|_| u64::try_from(number).map(Number::from))
            .ok();
    }
    let unsigned = digits.trim_start_matches(['+', '-']);
    let is_float = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && unsigned.contains(|char: char| char.is_ascii_digit())
        && unsigned
            .chars()
            .all(|char| char.is_ascii_digit() || matches!(char, '.' | 'e' | 'E' | '+' | '-'));
    if is_float {
        Number::from_f64(digits.parse().ok()?)
    } else {
        None
    }
}

fn integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        // A leading zero means an octal number, as in YAML 1.1.
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    // A second sign is no part of a number.
    if !digits.starts_with(|first: char| first.is_ascii_hexdigit()) {
        return None;
    }
    Some(sign * i128::from_str_radix(digits, radix).ok()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_scalars_as_centrifugo_does() {
        for (text, value) in [
            ("", json!(null)),
            ("~", json!(null)),
            ("True", json!(true)),
            ("yes", json!("yes")),
            ("on", json!("on")),
            ("8000", json!(8000)),
            ("-1", json!(-1)),
            ("+1", json!(1)),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
            ("017", json!(15)),
            ("0b11", json!(3)),
            ("1_000", json!(1000)),
            ("1.5", json!(1.5)),
            ("1e3", json!(1000.0)),
            (".5", json!(0.5)),
            ("18446744073709551615", json!(u64::MAX)),
            ("127.0.0.1", json!("127.0.0.1")),
            ("127.0.0.1:8000", json!("127.0.0.1:8000")),
            ("1h", json!("1h")),
            ("09", json!(9.0)),
            ("--1", json!("--1")),
            (".", json!(".")),
            ("-", json!("-")),
            ("1-2", json!("1-2")),
            ("2001-12-14", json!("2001-12-14")),
            (".inf", json!(".inf")),
            ("0x", json!("0x")),
            ("0x-1", json!("0x-1")),
        ] {
            assert_eq!(plain(text), value, "{text}");
        }
    }
}
