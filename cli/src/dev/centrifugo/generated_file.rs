//! The file with the configuration that is made from the handlers.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::PathBuf;

use serde_json::Value;

use crate::dev::keys;

/// The file, in a folder of its own that is removed at the end.
pub(crate) struct GeneratedFile {
    folder: PathBuf,
}

impl GeneratedFile {
    /// Makes the folder.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder cannot be made.
    pub(crate) fn new() -> io::Result<Self> {
        let name = format!("cargo-centrifugo-{}", keys::random_key()?);
        let folder = std::env::temp_dir().join(name);
        DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self { folder })
    }

    /// Writes a configuration in one step. Returns the path of the file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written. The old one is left as it is then.
    pub(crate) fn write(&self, config: &Value) -> io::Result<PathBuf> {
        let path = self.folder.join("centrifugo.json");
        let new = self.folder.join("centrifugo.json.new");
        // The file has keys, so that nobody else may read it.
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&new)?;
        file.write_all(format!("{config:#}\n").as_bytes())?;
        fs::rename(&new, &path)?;
        Ok(path)
    }
}

impl Drop for GeneratedFile {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
