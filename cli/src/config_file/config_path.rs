//! Places in a configuration.

use std::fmt;

/// The place of a value, such as `channel.namespaces[0].name`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConfigPath(Vec<PathStep>);

/// A step of a [`ConfigPath`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathStep {
    /// The value of a key.
    Key(String),
    /// The value at an index of a list, counted from 0.
    Index(usize),
}

impl ConfigPath {
    /// Returns the place of the whole configuration.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads the notation of [`Display`](fmt::Display). Keys that contain `.` or `[` cannot be written in it.
    pub fn parse(text: &str) -> Self {
        let mut path = Self::root();
        for part in text.split('.').filter(|part| !part.is_empty()) {
            let (key, indexes) = part.split_at(part.find('[').unwrap_or(part.len()));
            if !key.is_empty() {
                path.0.push(PathStep::Key(key.to_owned()));
            }
            let indexes = indexes.split(['[', ']']).filter_map(|index| index.parse().ok());
            path.0.extend(indexes.map(PathStep::Index));
        }
        path
    }

    /// Returns the place of a key of this value.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.step(PathStep::Key(key.to_owned()))
    }

    /// Returns the place of an element of this list.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.step(PathStep::Index(index))
    }

    fn step(&self, step: PathStep) -> Self {
        let mut path = self.clone();
        path.0.push(step);
        path
    }

    /// Returns the place of the value that contains this one, or `None` at the root.
    pub fn parent(&self) -> Option<Self> {
        let (_, parent) = self.0.split_last()?;
        Some(Self(parent.to_vec()))
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[PathStep] {
        &self.0
    }
}

impl fmt::Display for ConfigPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Key(key) => {
                    let dot = if position == 0 { "" } else { "." };
                    write!(f, "{dot}{key}")?;
                }
                PathStep::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_and_reads_paths() {
        let path = ConfigPath::root()
            .key("channel")
            .key("namespaces")
            .index(0)
            .key("name");
        assert_eq!(path.to_string(), "channel.namespaces[0].name");
        assert_eq!(ConfigPath::parse("channel.namespaces[0].name"), path);
        assert_eq!(ConfigPath::parse("a[1][2]").to_string(), "a[1][2]");
        assert_eq!(ConfigPath::parse(""), ConfigPath::root());
        assert_eq!(path.parent().unwrap().to_string(), "channel.namespaces[0]");
        assert_eq!(ConfigPath::root().parent(), None);
    }
}
