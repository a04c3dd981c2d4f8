//! Reads a recording.

use std::fmt;
use std::io::{self, BufRead, Read as _};

use super::RecordedEvent;

/// The longest line of a recording, in bytes.
const MAX_LINE_LEN: u64 = 128 << 20;

/// Reads events one by one. Empty lines are skipped.
#[derive(Debug)]
pub struct RecordingReader<R> {
    input: R,
    line: u64,
    is_at_end: bool,
}

impl<R: BufRead> RecordingReader<R> {
    /// Reads from a file or anything else.
    pub fn new(input: R) -> Self {
        Self {
            input,
            line: 0,
            is_at_end: false,
        }
    }

    /// Returns the number of the line that was read last, from 1 on.
    pub fn line(&self) -> u64 {
        self.line
    }

    fn read(&mut self) -> Result<Option<RecordedEvent>, InvalidRecording> {
        loop {
            let mut text = Vec::new();
            let mut limited = (&mut self.input).take(MAX_LINE_LEN + 1);
            let len = limited
                .read_until(b'\n', &mut text)
                .map_err(InvalidRecording::Input)?;
            if len == 0 {
                return Ok(None);
            }
            self.line += 1;
            let invalid = |problem: String| InvalidRecording::Line {
                line: self.line,
                problem,
            };
            if len as u64 > MAX_LINE_LEN {
                return Err(invalid(format!("it has more than {} MiB", MAX_LINE_LEN >> 20)));
            }
            if text.trim_ascii().is_empty() {
                continue;
            }
            let event = serde_json::from_slice(&text).map_err(|error| invalid(error.to_string()))?;
            return Ok(Some(event));
        }
    }
}

impl<R: BufRead> Iterator for RecordingReader<R> {
    type Item = Result<RecordedEvent, InvalidRecording>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_at_end {
            return None;
        }
        let event = self.read().transpose();
        self.is_at_end = !matches!(event, Some(Ok(_)));
        event
    }
}

/// Why a recording cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum InvalidRecording {
    /// The file cannot be read.
    Input(io::Error),
    /// A line is no event.
    Line {
        /// The number of the line, from 1 on.
        line: u64,
        /// What is wrong.
        problem: String,
    },
}

impl fmt::Display for InvalidRecording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => write!(f, "the recording cannot be read: {error}"),
            Self::Line { line, problem } => {
                write!(f, "line {line} of the recording is no event: {problem}")
            }
        }
    }
}

impl std::error::Error for InvalidRecording {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::Event;
    use crate::recording::{RecordedAnswer, RecordingWriter};

    #[test]
    fn reads_what_is_written() {
        let lines = concat!(
            r#"{"kind":"rpc","request":{"method":"a","data":1.0},"metadata":{"x-a":["1","2"]},"answer":{"result":{}},"at_ms":7}"#,
            "\n \n",
            r#"{"kind":"refresh","request":{},"metadata":{},"answer":{"status":{"code":13,"message":"x"}},"at_ms":8}"#,
            "\n"
        );
        let mut writer = RecordingWriter::new(Vec::new());
        for event in RecordingReader::new(lines.as_bytes()) {
            writer.write(&event.unwrap()).unwrap();
        }
        let written = String::from_utf8(writer.into_inner()).unwrap();
        assert_eq!(written, lines.replace("\n \n", "\n"));
        let events: Vec<_> = RecordingReader::new(lines.as_bytes())
            .map(Result::unwrap)
            .collect();
        assert_eq!(events[0].kind, Event::Rpc);
        assert!(matches!(&events[1].answer, RecordedAnswer::Status(status) if status.code == 13));
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        let lines = "\n{\"kind\":\"rpc\"}\n";
        let mut reader = RecordingReader::new(lines.as_bytes());
        let error = reader.next().unwrap().unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("request"), "{error}");
        assert!(reader.next().is_none());
    }
}
