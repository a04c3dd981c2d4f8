//! The parts of answers that are not compared.

use crate::printable::is_unsafe;

/// A step of a path in a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// Whether a key with this character is written in quotes.
fn is_quoted(c: char) -> bool {
    matches!(c, '.' | '[' | ']' | '"') || is_unsafe(c)
}

/// Writes a path such as `result.data.items[2].name`.
pub(super) fn path_text(path: &[Step]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for step in path {
        let _ = match step {
            Step::Index(index) => write!(text, "[{index}]"),
            Step::Key(key) if key.is_empty() || key.contains(is_quoted) => {
                write!(text, "[{key:?}]")
            }
            Step::Key(key) if text.is_empty() => write!(text, "{key}"),
            Step::Key(key) => write!(text, ".{key}"),
        };
    }
    text
}

/// Paths that are not compared, with all that is below them. `*` stands for any key or index.
#[derive(Clone, Debug, Default)]
pub struct IgnoredPaths(Vec<Vec<String>>);

impl IgnoredPaths {
    /// Reads paths such as `result.data.created_at` and `result.data.items[*].id`.
    pub fn new<'a>(paths: impl IntoIterator<Item = &'a str>) -> Self {
        // Which times an expiry has depends on when the handler runs.
        let times = ["result.expire_at", "result.subs.*.expire_at"];
        let parse = |path: &str| {
            let path = path.replace('[', ".").replace([']', '"'], "");
            path.split('.').map(str::to_owned).collect()
        };
        let paths = paths.into_iter().chain(times);
        Self(paths.map(parse).collect())
    }

    /// Returns whether the place is not compared.
    pub(super) fn contains(&self, path: &[Step]) -> bool {
        self.0.iter().any(|ignored| {
            ignored.len() == path.len()
                && ignored.iter().zip(path).all(|(ignored, step)| match step {
                    _ if ignored == "*" => true,
                    Step::Key(key) => ignored == key,
                    Step::Index(index) => ignored.parse() == Ok(*index),
                })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_paths() {
        let key = |key: &str| Step::Key(key.to_owned());
        let path = [key("result"), key("data"), Step::Index(2), key("a.b")];
        assert_eq!(path_text(&path), "result.data[2][\"a.b\"]");
        let ignored = IgnoredPaths::new(["result.data[*].id"]);
        assert!(ignored.contains(&[key("result"), key("data"), Step::Index(7), key("id")]));
        assert!(!ignored.contains(&[key("result"), key("data"), Step::Index(7), key("name")]));
        assert!(!ignored.contains(&[key("result"), key("data")]));
        assert!(ignored.contains(&[key("result"), key("subs"), key("a:1"), key("expire_at")]));
    }
}
