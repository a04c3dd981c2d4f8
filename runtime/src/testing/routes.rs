//! Holds the handlers that are linked against a file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::event::RouteInfo;
use crate::startup::routes;

/// Holds the handlers of the program against a file of the package, so that a crate of handlers that fell out of the link
/// is seen: a line for each, with its event, pattern, path, arguments and answer.
///
/// Run the test with `UPDATE_ROUTES=1` in its environment to write the file, and check it in.
///
/// ```no_run
/// use my_handlers as _;
/// # mod my_handlers {}
///
/// #[test]
/// fn all_handlers_are_there() {
///     centrifugo::testing::assert_routes("routes.txt");
/// }
/// ```
///
/// # Panics
///
/// When the handlers are not those of the file, with the difference.
#[track_caller]
#[allow(clippy::panic, reason = "an assertion")]
pub fn assert_routes(file: impl AsRef<Path>) {
    // Cargo names the package's folder to tests.
    let path = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .unwrap_or_default()
        .join(file);
    let found = lines(&routes());
    if std::env::var_os("UPDATE_ROUTES").is_some_and(|value| value != "0") {
        if let Err(error) = std::fs::write(&path, &found) {
            panic!("{} can't be written: {error}", path.display());
        }
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some(difference) = difference(&expected, &found) {
        panic!(
            "the handlers are not those of {}:\n{difference}run the test with `UPDATE_ROUTES=1` where that is right",
            path.display()
        );
    }
}

/// A line for each handler, with what stays when a file changes elsewhere: no place, no doc comment.
fn lines(routes: &[RouteInfo]) -> String {
    routes.iter().fold(String::new(), |mut text, route| {
        let _ = writeln!(
            text,
            "{} {} {}({}) -> {}",
            route.kind,
            route.pattern.unwrap_or("-"),
            route.path(),
            route.takes.join(", "),
            route.returns
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
    fn the_difference_names_both_sides() {
        assert_eq!(difference("a\nb\n", "b\nc\n").as_deref(), Some("- a\n+ c\n"));
        assert_eq!(difference("a\n", "a\n"), None);
    }
}
