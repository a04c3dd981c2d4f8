//! The formats of configuration files.

use std::fmt;
use std::path::Path;

/// A format of configuration files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each is the format of that name")]
pub enum Format {
    Json,
    Yaml,
    Toml,
}

impl Format {
    /// Returns the format that the extension of a file names.
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "toml" => Some(Self::Toml),
            _ => None,
        }
    }

    /// Returns the format that a text seems to have. Text that has no keys is taken for YAML.
    pub fn of_text(text: &str) -> Self {
        let lines = || {
            text.lines()
                .map(str::trim)
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
        };
        if lines().next().is_some_and(|line| line.starts_with('{')) {
            return Self::Json;
        }
        // A line of YAML has its `:` before any `=`, and TOML has no `:` in names of keys.
        let is_toml = lines().find_map(|line| {
            if line.starts_with('[') {
                return Some(true);
            }
            let sign = line.find(['=', ':'])?;
            Some(line[sign..].starts_with('='))
        });
        if is_toml == Some(true) {
            Self::Toml
        } else {
            Self::Yaml
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "JSON",
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_format_of_a_path_and_of_a_text() {
        for (path, format) in [
            ("a.json", Some(Format::Json)),
            ("a.YML", Some(Format::Yaml)),
            (".rr.yaml", Some(Format::Yaml)),
            ("a.toml", Some(Format::Toml)),
            ("a", None),
            ("a.env", None),
        ] {
            assert_eq!(Format::of_path(Path::new(path)), format, "{path}");
        }
        for (text, format) in [
            ("", Format::Yaml),
            (" { \"a\": 1 }", Format::Json),
            ("# x = 1\nclient:\n  a: b=c", Format::Yaml),
            ("# a: b\n\n[client]\na = 1", Format::Toml),
            ("a = \"grpc://x:1\"", Format::Toml),
        ] {
            assert_eq!(Format::of_text(text), format, "{text}");
        }
    }
}
