//! Returns the text of a file with other values.

use serde_json::Value;

use super::{json, toml, yaml};
use crate::config_file::{ConfigFile, FileError, Format};

impl ConfigFile {
    /// Returns the text of the file with the values of `new`. Comments, order and format remain. Keys that `new` does not have
    /// remain, too.
    ///
    /// # Errors
    ///
    /// Returns an error if the text cannot be changed in this way.
    pub fn edited(&self, new: &Value) -> Result<String, FileError> {
        if let Some(duplicate) = self.duplicates.first() {
            let problem = format!("`{}` is there twice; remove one of the keys", duplicate.path);
            let line = duplicate.line.unwrap_or(1);
            return Err(FileError::new(problem).at((line, 1)));
        }
        if *new == self.value {
            return Ok(self.text.clone());
        }
        let text = match self.format {
            Format::Json => json::edited(self, new),
            Format::Yaml => yaml::edited(self, new),
            Format::Toml => toml::edited(self, new),
        }?;
        // A file of a form that is not foreseen must not be damaged.
        match Self::parse(&text, Some(self.format)) {
            Ok(file) if file.value == *new => Ok(text),
            _ => Err(FileError::new(
                "the file has a form that cannot be changed without losing something; make the changes by hand",
            )),
        }
    }
}
