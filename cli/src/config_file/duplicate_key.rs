//! Keys that a file has twice.

use super::ConfigPath;

/// A key that an object of JSON has more than once. Centrifugo uses the last one. YAML and TOML forbid such keys, so a file
/// in these formats cannot be read.
///
/// Centrifugo ignores the case of keys, so `Client` and `client` are the same key in all formats. Which one it uses is random.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DuplicateKey {
    /// The place of the key.
    pub path: ConfigPath,
    /// The line of the first key.
    pub first_line: Option<usize>,
    /// The line of the second key.
    pub line: Option<usize>,
}
