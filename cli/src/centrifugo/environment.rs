//! The environment that Centrifugo and the program run in.

use std::collections::BTreeMap;

use crate::env_file::parse_env_file;

/// Variables by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// Returns the environment of this process.
    pub fn of_process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    /// Adds the lines `NAME=value` of a file. Quotes around a value and `export` before a name are removed. Lines that begin with
    /// `#` are comments, and so is what follows ` #` after a value. In double quotes, `\n` is a line break, and `\"` and `\\` are
    /// the characters themselves.
    ///
    /// # Errors
    ///
    /// Returns the number of a line that is something else.
    pub fn add_file(&mut self, text: &str) -> Result<(), usize> {
        self.variables.extend(parse_env_file(text)?);
        Ok(())
    }

    /// Sets a variable.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.variables.insert(name.into(), value.into());
    }

    /// Returns the value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// Returns the names of Centrifugo's variables. Those that Kubernetes adds by itself, and those that only texts in the
    /// configuration name, are left out.
    pub(super) fn names_of_centrifugo(&self) -> impl Iterator<Item = &str> {
        self.variables
            .keys()
            .map(String::as_str)
            .filter(|name| name.starts_with("CENTRIFUGO_") && !name.starts_with(VARIABLE_PREFIX))
            .filter(|name| !is_of_kubernetes(name))
    }
}

/// The prefix of variables that `${..}` in a text can name.
pub(super) const VARIABLE_PREFIX: &str = "CENTRIFUGO_VAR_";

/// Whether Kubernetes sets the variable for a service whose name begins with `centrifugo`.
fn is_of_kubernetes(name: &str) -> bool {
    let rest = name.strip_prefix("CENTRIFUGO").unwrap_or(name);
    let is_word = |text: &str| {
        text.chars()
            .all(|character| character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_')
    };
    ["_PORT", "_SERVICE_"].into_iter().any(|part| {
        rest.match_indices(part).any(|(start, _)| {
            let between = &rest[..start];
            between.is_empty() || between.len() > 1 && between.starts_with('_') && is_word(between)
        })
    })
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(variables: T) -> Self {
        Self {
            variables: variables.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_files_of_variables() {
        let mut environment = Environment::default();
        let text = "# comment\n\nexport A=1 # comment\nB = \"x y\"\nC='[{\"name\":\"a\"}]'\nD=a=b\n";
        environment.add_file(text).unwrap();
        for (name, value) in [("A", "1"), ("B", "x y"), ("C", r#"[{"name":"a"}]"#), ("D", "a=b")] {
            assert_eq!(environment.get(name), Some(value));
        }
        assert_eq!(environment.add_file("A=1\nwhat\n"), Err(2));
    }

    #[test]
    fn ignores_variables_of_kubernetes() {
        for name in [
            "CENTRIFUGO_PORT",
            "CENTRIFUGO_SERVICE_HOST",
            "CENTRIFUGO_API_PORT_9000_TCP",
        ] {
            assert!(is_of_kubernetes(name), "{name}");
        }
        assert!(!is_of_kubernetes("CENTRIFUGO_CLIENT_INSECURE"));
    }
}
