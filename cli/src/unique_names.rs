//! Names that must differ from each other.

use std::collections::BTreeSet;

/// The names of one scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct UniqueNames(BTreeSet<String>);

impl UniqueNames {
    /// Starts with names that are taken.
    pub(crate) fn new<'a>(taken: impl IntoIterator<Item = &'a str>) -> Self {
        Self(taken.into_iter().map(str::to_owned).collect())
    }

    /// Takes a name, with a number behind it if the name is taken.
    pub(crate) fn take(&mut self, wanted: &str) -> String {
        self.take_with(wanted, "")
    }

    /// Takes a name, with a separator and a number behind it if the name is taken.
    pub(crate) fn take_with(&mut self, wanted: &str, separator: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2_u64;
        while !self.0.insert(name.clone()) {
            name = format!("{wanted}{separator}{number}");
            number += 1;
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_names_that_are_taken() {
        let mut names = UniqueNames::new(["Api"]);
        let taken = ["Line", "Api", "Line2", "Line"].map(|name| names.take(name));
        assert_eq!(taken, ["Line", "Api2", "Line2", "Line3"]);
        assert_eq!(names.take_with("Line", "_"), "Line_2");
    }
}
