//! Limits of configuration files.

/// The longest file, in bytes.
pub const MAX_LEN: usize = 4 << 20;
/// The deepest nesting.
pub const MAX_DEPTH: usize = 64;
/// The largest number of values in a file, after the aliases of YAML are replaced by what they stand for.
pub const MAX_VALUES: usize = 200_000;

/// The text of the error for a file that is nested too deeply.
pub(super) fn too_deep() -> String {
    format!("values are nested more than {MAX_DEPTH} levels deep")
}

/// The text of the error for a file with too many values.
pub(super) fn too_many() -> String {
    format!("the file has more than {MAX_VALUES} values")
}
