//! Writes a recording.

use std::io::{self, Write};

use super::RecordedEvent;

/// Writes events, one JSON object per line.
#[derive(Debug)]
pub struct RecordingWriter<W>(W);

impl<W: Write> RecordingWriter<W> {
    /// Writes to a file or anything else.
    pub fn new(output: W) -> Self {
        Self(output)
    }

    /// Writes an event as one line, whatever line breaks its JSON has, in a single call of `write_all`, so that a line is never cut unless the disk is full.
    ///
    /// # Errors
    ///
    /// Returns an error if the output fails.
    pub fn write(&mut self, event: &RecordedEvent) -> io::Result<()> {
        let mut line = serde_json::to_vec(event)?;
        // Raw JSON of a message may have line breaks. Inside of strings they are escaped, so that these are white space.
        for byte in &mut line {
            if matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
        line.push(b'\n');
        self.0.write_all(&line)
    }

    /// Returns the output.
    pub fn into_inner(self) -> W {
        self.0
    }
}
