//! Configuration files of Centrifugo and RoadRunner, in JSON, YAML and TOML.

#[expect(clippy::module_inception, reason = "the file is named like its module")]
mod config_file;
mod config_path;
mod duplicate_key;
mod edit;
mod file_error;
mod format;
mod json;
mod limits;
mod node;
mod position;
#[cfg(test)]
mod tests;
mod toml;
mod write;
mod yaml;
mod yaml_scalar;

pub use config_file::ConfigFile;
pub use config_path::{ConfigPath, PathStep};
pub use duplicate_key::DuplicateKey;
pub use edit::{Change, changes};
pub use file_error::FileError;
pub use format::Format;
pub use limits::{MAX_DEPTH, MAX_LEN, MAX_VALUES};
pub use write::write;
