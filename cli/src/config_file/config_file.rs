//! A configuration file.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde_json::Value;

use super::limits::MAX_LEN;
use super::node::{Content, Node};
use super::position::Lines;
use super::{ConfigPath, DuplicateKey, FileError, Format, json, toml, yaml};

/// A configuration file, with the place of each value.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConfigFile {
    /// The format of the file.
    pub format: Format,
    /// The content. The names of keys are as the file has them, although Centrifugo ignores their case. An empty file is an
    /// empty object.
    pub value: Value,
    /// The keys that objects have more than once.
    pub duplicates: Vec<DuplicateKey>,
    pub(super) text: String,
    lines: Lines,
    pub(super) root: Node,
}

impl ConfigFile {
    /// Reads a file. The extension decides the format: `json`, `yaml`, `yml` or `toml`. Other files are recognized by their content.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read, is longer than [`MAX_LEN`], or is not valid in its format.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let failed = |error: std::io::Error| FileError::new(error.to_string()).in_file(path);
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(failed)?;
        // One byte more than the limit shows that the file is too long.
        let limit = MAX_LEN as u64 + 1;
        file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
        Self::from_bytes(&bytes, Format::of_path(path)).map_err(|error| error.in_file(path))
    }

    pub(super) fn from_bytes(bytes: &[u8], format: Option<Format>) -> Result<Self, FileError> {
        if bytes.len() > MAX_LEN {
            return Err(too_long());
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let start = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let text = String::from_utf8_lossy(start);
            FileError::new("the file is not UTF-8").at(Lines::new(&text).position(&text, text.len()))
        })?;
        Self::parse(text, format)
    }

    /// Reads a text. Its content decides the format if `format` is `None`.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is longer than [`MAX_LEN`] or not valid in its format.
    pub fn parse(text: &str, format: Option<Format>) -> Result<Self, FileError> {
        if text.len() > MAX_LEN {
            return Err(too_long());
        }
        let format = format.unwrap_or_else(|| Format::of_text(text));
        let mut root = match format {
            Format::Json => json::read(text)?,
            Format::Yaml => yaml::read(text)?,
            Format::Toml => toml::read(text)?,
        };
        root.check_limits().map_err(FileError::new)?;
        let lines = Lines::new(text);
        match root.content {
            Content::Table(_) => {}
            Content::Scalar(Value::Null) if format == Format::Yaml => {
                root.content = Content::Table(Vec::new())
            }
            _ => {
                let position = root
                    .span
                    .as_ref()
                    .map_or((1, 1), |span| lines.position(text, span.start));
                let problem = "the configuration must be an object with keys";
                return Err(FileError::new(problem).at(position));
            }
        }
        Ok(Self {
            format,
            value: root.to_value(),
            duplicates: root.duplicates(&lines),
            text: text.to_owned(),
            lines,
            root,
        })
    }

    /// The text of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the line of a key or of an element of a list, counted from 1, or `None` if the file does not have it. The
    /// case of keys is ignored, as Centrifugo ignores it.
    pub fn line_of(&self, path: &ConfigPath) -> Option<usize> {
        let (_, span) = self.root.find(path.steps())?;
        span.map(|span| self.lines.line(span.start))
    }

    /// Returns the line of a place, or of the innermost value around it that the file has.
    pub fn nearest_line_of(&self, path: &ConfigPath) -> Option<usize> {
        let mut path = path.clone();
        loop {
            if let Some(line) = self.line_of(&path) {
                return Some(line);
            }
            path = path.parent()?;
        }
    }
}

fn too_long() -> FileError {
    FileError::new(format!("the file is longer than {} MiB", MAX_LEN >> 20))
}
