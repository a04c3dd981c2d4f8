//! Places in the source that texts name.

/// Returns the first `file.rs:line` in a text.
pub(crate) fn find_place(text: &str) -> Option<&str> {
    let start_of = |end: usize| {
        text[..end]
            .rfind(|c: char| c.is_whitespace() || matches!(c, '`' | '(' | '"' | '\''))
            .map_or(0, |start| start + 1)
    };
    text.match_indices(".rs:").find_map(|(dot, found)| {
        let digits = text[dot + found.len()..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        (digits > 0).then(|| &text[start_of(dot)..dot + found.len() + digits])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_places_in_the_source() {
        for (text, place) in [
            ("`join` at src/main.rs:7 and src/b.rs:8", Some("src/main.rs:7")),
            ("(src/a.rs:12): no", Some("src/a.rs:12")),
            ("main.rs: no line", None),
            ("", None),
        ] {
            assert_eq!(find_place(text), place, "{text}");
        }
    }
}
