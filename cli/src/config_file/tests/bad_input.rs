use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::*;

use crate::config_file::{ConfigFile, FileError, Format, MAX_LEN, MAX_VALUES};

fn error(text: &str, format: Format) -> FileError {
    ConfigFile::parse(text, Some(format)).unwrap_err()
}

#[test]
fn says_the_line_and_the_column() {
    let mut wrong = Vec::new();
    for (format, text, line, column, part) in [
        (Format::Json, "{\n  \"a\": 1,\n}", 3, 1, "trailing comma"),
        (Format::Json, "{\n  \"a\": tru\n}", 2, 11, "not valid JSON"),
        (Format::Json, "", 1, 1, "EOF"),
        (Format::Json, "// no comments\n{}", 1, 1, "not valid JSON"),
        (Format::Json, "[1]", 1, 1, "must be an object"),
        (Format::Yaml, "a: 1\nb: [1\nc: 2\n", 3, 2, "not valid YAML"),
        (Format::Yaml, "a:\n\t- b\n", 2, 2, "not valid YAML"),
        (Format::Yaml, "a: 1\nb: 2\na: 3\n", 3, 1, "`a` is there twice"),
        (Format::Yaml, "a: 1\n---\nb: 1\n", 2, 1, "second document"),
        (Format::Yaml, "- a\n", 1, 1, "must be an object"),
        (Format::Yaml, "? [a]\n: 1\n", 1, 3, "must be a text"),
        (Format::Yaml, "a: *none\n", 1, 4, "not valid YAML"),
        (Format::Yaml, "<<: 1\n", 2, 1, "must be a mapping"),
        (Format::Toml, "a = 1\nb = \n", 2, 5, "not valid TOML"),
        (Format::Toml, "a = 1\na = 2\n", 2, 1, "duplicate key"),
        (Format::Toml, "[a]\n[a]\n", 2, 2, "duplicate key"),
    ] {
        let error = error(text, format);
        assert!(error.problem.contains(part), "{text}: {error}");
        if (error.line, error.column) != (Some(line), Some(column)) {
            wrong.push((text, error.to_string()));
        }
    }
    assert_eq!(wrong, [], "places");
    let error = error("{\n  \"a\": 1,\n}", Format::Json).in_file("config.json");
    assert!(
        error.to_string().starts_with("config.json:3:1: not valid JSON"),
        "{error}"
    );
}

#[test]
fn refuses_aliases_that_explode() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let below = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{below}]");
    }
    let error = error(&text, Format::Yaml);
    assert!(error.problem.contains("after aliases are replaced"), "{error}");
    assert_eq!(error.line, Some(6));
}

#[test]
fn refuses_an_alias_in_its_own_anchor() {
    let error = error("a: &a [*a]\n", Format::Yaml);
    assert!(error.problem.contains("alias"), "{error}");
}

#[test]
fn refuses_deep_nesting() {
    for depth in [65, 1000, 100_000] {
        let list = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        error(&format!("{{\"a\": {list}}}"), Format::Json);
        error(&format!("a: {list}"), Format::Yaml);
        error(&format!("a = {list}"), Format::Toml);
        error(&format!("a: {}x", "- ".repeat(depth)), Format::Yaml);
        error(&format!("{} = 1", vec!["a"; depth].join(".")), Format::Toml);
    }
    let steps: String = (0..70).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        format!("{text}a{}: &a{} [*a{level}]\n", level + 1, level + 1)
    });
    assert!(error(&steps, Format::Yaml).problem.contains("levels deep"));
}

#[test]
fn refuses_long_files_and_many_values() {
    let long = format!("a: \"{}\"", "x".repeat(MAX_LEN));
    for format in [Format::Json, Format::Yaml, Format::Toml] {
        assert!(error(&long, format).problem.contains("longer than 4 MiB"));
    }
    let many = vec!["1"; MAX_VALUES + 1].join(",");
    for (format, text) in [
        (Format::Json, format!("{{\"a\":[{many}]}}")),
        (Format::Yaml, format!("a: [{many}]")),
        (Format::Toml, format!("a = [{many}]")),
    ] {
        assert!(error(&text, format).problem.contains("more than 200000 values"));
    }
}

#[test]
fn refuses_bytes_that_are_no_text_and_files_that_are_not_there() {
    let error = ConfigFile::from_bytes(b"a: 1\nb: \xff", Some(Format::Yaml)).unwrap_err();
    assert_eq!((error.line, error.column), (Some(2), Some(4)), "{error}");
    let error = ConfigFile::open(Path::new("/nowhere/config.json")).unwrap_err();
    assert!(error.to_string().starts_with("/nowhere/config.json: "), "{error}");
}

fn text() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a", "b: ", "\n", "  ", "- ", "[", "]", "{", "}", ",", ":", "=", "\"", "'", "#", "&x ", "*x", "<<: ",
        "|", ">", "\\", "1", "é", "!!str ", "---\n", "? ", "\t", "%", "\"\"\"", "[[a]]\n", "true",
        "\u{feff}", "\0", "\r\n",
    ]);
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_text_makes_it_panic(text in text()) {
        for format in [Format::Json, Format::Yaml, Format::Toml] {
            let _ = ConfigFile::parse(&text, Some(format));
        }
    }
}
