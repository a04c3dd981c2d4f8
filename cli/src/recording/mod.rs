//! Recordings of events and their answers.

mod duplicate_members;
mod left_out;
mod recorded_event;
mod recording_file;
mod recording_reader;
mod recording_writer;
mod removed;

pub use left_out::LeftOut;
pub use recorded_event::{RecordedAnswer, RecordedEvent};
pub use recording_file::RecordingFile;
pub use recording_reader::{InvalidRecording, RecordingReader};
pub use recording_writer::RecordingWriter;
pub use removed::{REMOVED, Removed};
