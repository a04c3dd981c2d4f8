//! Notes that a program under test leaves for its test.

use std::fs::File;
use std::io::Write as _;

/// Appends a line to the file that the environment variable `NOTES` names, if it is set.
pub fn note(line: &str) {
    if let Some(path) = std::env::var_os("NOTES")
        && let Ok(mut file) = File::options().append(true).create(true).open(path)
    {
        // One write for the whole line, because other threads append too.
        let _ = file.write_all(format!("{line}\n").as_bytes());
    }
}

/// Writes a note when it is dropped.
pub struct NoteOnDrop(String);

impl NoteOnDrop {
    /// Returns a guard that writes the line when it is dropped.
    pub fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }
}

impl Drop for NoteOnDrop {
    fn drop(&mut self) {
        note(&self.0);
    }
}
