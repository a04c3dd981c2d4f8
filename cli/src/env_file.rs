//! Files with environment variables.

use std::io;
use std::path::Path;

/// Reads a file with lines `NAME=value`. Values may be in single or double quotes, lines may begin with `export`, lines that begin
/// with `#` are comments, and so is what follows ` #` after a value. In double quotes, `\n` is a line break, and `\"` and `\\` are the
/// characters themselves.
///
/// # Errors
///
/// Returns an error with the path if the file cannot be read, or if a line is something else.
pub(crate) fn read_env_file(path: &Path) -> io::Result<Vec<(String, String)>> {
    let path_text = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| io::Error::new(error.kind(), format!("{path_text}: {error}")))?;
    parse(&text).map_err(|line| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{path_text}:{line} is not NAME=value, or a quote has no end"),
        )
    })
}

/// Returns the variables, or the number of the line that is wrong.
fn parse(text: &str) -> Result<Vec<(String, String)>, usize> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut variables = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            variables.push(variable(line).ok_or(number + 1)?);
        }
    }
    Ok(variables)
}

fn variable(line: &str) -> Option<(String, String)> {
    let line = match line.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest,
        _ => line,
    };
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    let is_name = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '\0');
    (is_name && !value.contains('\0')).then_some(())?;
    let value = value.trim();
    let value = match value.strip_prefix(['"', '\'']) {
        Some(rest) => quoted(rest, value.starts_with('"'))?,
        None => without_comment(value).to_owned(),
    };
    Some((name.to_owned(), value))
}

/// Returns the value before the second quote, if nothing but a comment follows it.
fn quoted(text: &str, has_escapes: bool) -> Option<String> {
    let quote = if has_escapes { '"' } else { '\'' };
    let mut value = String::with_capacity(text.len());
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            c if c == quote => break,
            '\\' if has_escapes => match chars.next()? {
                'n' => value.push('\n'),
                c @ ('"' | '\\') => value.push(c),
                c => value.extend(['\\', c]),
            },
            c => value.push(c),
        }
    }
    without_comment(chars.as_str()).is_empty().then_some(value)
}

/// Returns a text up to a `#` after white space.
fn without_comment(text: &str) -> &str {
    let is_start = |at: usize| at == 0 || text[..at].ends_with([' ', '\t']);
    let comment = text.match_indices('#').find(|(at, _)| is_start(*at));
    text[..comment.map_or(text.len(), |(at, _)| at)].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_variables() {
        let text = concat!(
            "\u{feff}# comment\n\nA=1\nexport B = two words # comment\nC='a # b\\n'\nD=\"x\\ny\"\nE=\nF=a=b\r\n",
            "G=\"x y\" # comment\nH='x' #comment\nI=a#b\nJ=# comment\nK='[{\"name\":\"a\"}]'\nexport\tL=it's\nexported=1\n",
            "M=\"C:\\\\new \\\"x\\\" \\d\"\nN=\"#\"\nO=\"\"\n",
        );
        let expected = [
            ("A", "1"),
            ("B", "two words"),
            ("C", "a # b\\n"),
            ("D", "x\ny"),
            ("E", ""),
            ("F", "a=b"),
            ("G", "x y"),
            ("H", "x"),
            ("I", "a#b"),
            ("J", ""),
            ("K", "[{\"name\":\"a\"}]"),
            ("L", "it's"),
            ("exported", "1"),
            // A backslash that another one escapes is not the beginning of an escape.
            ("M", "C:\\new \"x\" \\d"),
            ("N", "#"),
            ("O", ""),
        ];
        let read = parse(text).unwrap();
        let read: Vec<_> = read
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        for text in [
            "A=1\nnonsense",
            "A=1\n=2",
            "\nA B=1",
            "\nA=\"x",
            "\nA='x'y",
            "\nA=\"x\\\"",
        ] {
            assert_eq!(parse(text), Err(2), "{text}");
        }
    }
}
