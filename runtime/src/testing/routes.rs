//! Compares the handlers of the program with a file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::event::RouteInfo;
use crate::startup::routes;

/// Asserts that the handlers of the program are those of a file in the package.
///
/// The file has a line for each handler, with its event, pattern, path, arguments and reply. The assertion fails, for
/// example, if a crate of handlers is not linked. To write the file, run the test with `UPDATE_ROUTES=1` in its
/// environment. Then check the file in.
///
/// ```no_run
/// use my_handlers as _;
/// # mod my_handlers {}
///
/// #[test]
/// fn links_all_handlers() {
///     centrifugo::testing::assert_routes("routes.txt");
/// }
/// ```
///
/// # Panics
///
/// Panics with the difference if the handlers are not those of the file.
#[track_caller]
#[allow(clippy::panic, reason = "an assertion")]
pub fn assert_routes(file: impl AsRef<Path>) {
    // Cargo sets this variable to the package's folder when it runs tests.
    let path = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .unwrap_or_default()
        .join(file);
    let found = lines(&routes());
    if std::env::var_os("UPDATE_ROUTES").is_some_and(|value| value != "0") {
        if let Err(error) = std::fs::write(&path, &found) {
            panic!("can't write {}: {error}", path.display());
        }
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some(difference) = difference(&expected, &found) {
        panic!(
            "the handlers differ from those in {}:\n{difference}\
             if the handlers are right, run the test with `UPDATE_ROUTES=1`",
            path.display()
        );
    }
}

/// Returns a line for each handler. Its place and its doc comment are left out, because they change often.
fn lines(routes: &[RouteInfo]) -> String {
    routes.iter().fold(String::new(), |mut text, route| {
        let _ = writeln!(
            text,
            "{} {} {}",
            route.kind,
            route.pattern.unwrap_or("-"),
            route.signature()
        );
        text
    })
}

fn difference(expected: &str, found: &str) -> Option<String> {
    let missing = |from: &str, other: &str, sign: char| {
        from.lines()
            .filter(|line| !other.lines().any(|known| known == *line))
            .map(|line| format!("{sign} {line}\n"))
            .collect::<String>()
    };
    let text = missing(expected, found, '-') + &missing(found, expected, '+');
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_missing_and_additional_handlers() {
        assert_eq!(difference("a\nb\n", "b\nc\n").as_deref(), Some("- a\n+ c\n"));
        assert_eq!(difference("a\n", "a\n"), None);
    }
}
