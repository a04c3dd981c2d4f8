//! Files with environment variables.

use std::io;
use std::path::Path;

/// Reads a file with `NAME=value` on each line. Values may be in quotes, lines may begin with `export`, and lines that begin with
/// `#` are comments.
///
/// # Errors
///
/// Returns an error if the file cannot be read, or if a line is something else.
pub(crate) fn read_env_file(path: &Path) -> io::Result<Vec<(String, String)>> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    parse(&text).map_err(|line| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{}:{line}: the line is not `NAME=value`", path.display()),
        )
    })
}

/// Returns the variables, or the number of the line that is wrong.
fn parse(text: &str) -> Result<Vec<(String, String)>, usize> {
    let mut variables = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line.split_once('=').ok_or(number + 1)?;
        let name = name.trim();
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '\0') || value.contains('\0')
        {
            return Err(number + 1);
        }
        variables.push((name.to_owned(), unquoted(value.trim())));
    }
    Ok(variables)
}

fn unquoted(value: &str) -> String {
    let inner = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(value) = inner('\'') {
        return value.to_owned();
    }
    if let Some(value) = inner('"') {
        return value
            .replace("\\n", "\n")
            .replace("\\\"", "\"")
            .replace("\\\\", "\\");
    }
    // A comment after the value.
    let value = value.split_once(" #").map_or(value, |(value, _)| value);
    value.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_variables() {
        let text = "# comment\n\nA=1\nexport B = two words # comment\nC='a # b'\nD=\"x\\ny\"\nE=\nF=a=b\r\n";
        let expected = [
            ("A", "1"),
            ("B", "two words"),
            ("C", "a # b"),
            ("D", "x\ny"),
            ("E", ""),
            ("F", "a=b"),
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
        for text in ["A=1\nnonsense", "A=1\n=2", "\nA B=1"] {
            assert_eq!(parse(text), Err(2), "{text}");
        }
    }
}
