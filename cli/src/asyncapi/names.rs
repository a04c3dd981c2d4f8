//! Names in a document, each of which is there once.

use crate::unique_names::UniqueNames;

/// The names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names(UniqueNames);

impl Names {
    /// Returns a name that nothing else has. Other characters than those that names can have become `_`.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        self.0.take_with(&clean(wanted), "_")
    }
}

/// Replaces characters that names cannot have.
fn clean(name: &str) -> String {
    let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == '-';
    let words = name.split(|char| !is_part(char)).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("_");
    if name.is_empty() { "_".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_there_once() {
        let mut names = Names::default();
        let names =
            ["user/{id}", "user/id", "*", "{*}", "Page<Line>", "Page<Line>"].map(|name| names.take(name));
        assert_eq!(
            names,
            ["user_id", "user_id_2", "_", "__2", "Page_Line", "Page_Line_2"]
        );
    }
}
