//! The names that a package can have.

use std::fmt;

/// Words that cannot name a crate.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];
/// Names of folders that cargo makes beside the program, and of crates that every program has.
const RESERVED: &[&str] = &[
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "incremental",
    "proc_macro",
    "std",
    "test",
];
/// The crates that a new project uses.
const DEPENDENCIES: &[&str] = &["centrifugo", "schemars", "serde", "tokio"];
const MAX_LEN: usize = 64;

/// Checks that a package can have this name.
///
/// # Errors
///
/// Returns what is wrong with the name.
pub fn check_name(name: &str) -> Result<(), InvalidName> {
    let invalid = |problem| {
        Err(InvalidName {
            name: name.to_owned(),
            problem,
        })
    };
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(is_allowed) {
        return invalid("a name begins with a letter, and has letters, digits, `-` and `_`");
    }
    if name.len() > MAX_LEN {
        return invalid("a name has at most 64 characters");
    }
    if KEYWORDS.contains(&name) {
        return invalid("this is a keyword of Rust");
    }
    if RESERVED.contains(&name) {
        return invalid("cargo or Rust use this name");
    }
    if DEPENDENCIES.contains(&name) {
        return invalid("the project uses a crate of this name");
    }
    Ok(())
}

/// Why a package cannot have a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidName {
    name: String,
    problem: &'static str,
}

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, problem } = self;
        write!(
            f,
            "`{}` is no name for a package: {problem}; choose another name",
            name.escape_debug()
        )
    }
}

impl std::error::Error for InvalidName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_why_a_name_is_invalid() {
        for (name, part) in [
            ("", "begins with a letter"),
            ("1a", "begins with a letter"),
            ("a b", "letters, digits"),
            ("ä", "begins with a letter"),
            ("a.b", "letters, digits"),
            ("fn", "keyword"),
            ("test", "cargo or Rust"),
            ("centrifugo", "uses a crate"),
            (&"a".repeat(65), "at most 64"),
        ] {
            let error = check_name(name).unwrap_err().to_string();
            assert!(error.contains(part), "{name}: {error}");
        }
        for name in ["a", "my-app", "my_app2", "Fn"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
    }
}
