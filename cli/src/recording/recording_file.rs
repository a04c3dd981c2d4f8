//! The events of a recording, with the numbers of their lines.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::PathBuf;

use super::{InvalidRecording, RecordedEvent, RecordingReader};

/// The events of a file, once or again and again, with the numbers of their lines.
#[derive(Debug)]
pub struct RecordingFile {
    path: PathBuf,
    reader: RecordingReader<BufReader<File>>,
    is_repeated: bool,
    has_events: bool,
}

impl RecordingFile {
    /// Opens a file. If it is repeated, the events have no end unless there are none.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be opened.
    pub fn open(path: PathBuf, is_repeated: bool) -> io::Result<Self> {
        let reader = RecordingReader::new(BufReader::new(File::open(&path)?));
        Ok(Self {
            path,
            reader,
            is_repeated,
            has_events: false,
        })
    }
}

impl Iterator for RecordingFile {
    type Item = Result<(u64, RecordedEvent), InvalidRecording>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(event) = self.reader.next() {
            self.has_events = true;
            let line = self.reader.line();
            return Some(event.map(|event| (line, event)));
        }
        // A file that has become empty has no events, either.
        if !self.is_repeated || !std::mem::take(&mut self.has_events) {
            return None;
        }
        match File::open(&self.path) {
            Ok(file) => self.reader = RecordingReader::new(BufReader::new(file)),
            Err(error) => return Some(Err(InvalidRecording::Input(error))),
        }
        self.next()
    }
}
