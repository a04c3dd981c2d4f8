//! Recordings: events as JSON lines, for `replay`.

use std::collections::{HashSet, VecDeque};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::events::{Removed, unix_ms};
use super::proxy::EventId;
use crate::recording::{RecordedAnswer, RecordedEvent, RecordingWriter};

/// Events that can still be saved from the console.
const MAX_EVENTS: usize = 10_000;
/// Bytes of these events.
const MAX_BYTES: usize = 64 << 20;

/// The last events, and the file to which all are written.
pub(crate) struct Recordings {
    events: Mutex<Events>,
    removed: Removed,
    /// Where the console may write.
    project: PathBuf,
    began_ms: u64,
}

#[derive(Default)]
struct Events {
    kept: VecDeque<(EventId, Arc<RecordedEvent>)>,
    bytes: usize,
    file: Option<RecordingWriter<File>>,
    problem: Option<io::Error>,
}

impl Recordings {
    /// Records all events to a file, if there is one.
    ///
    /// # Errors
    ///
    /// Returns an error if the file exists already or cannot be written.
    pub(crate) fn new(file: Option<&Path>, removed: Removed, project: PathBuf) -> io::Result<Self> {
        let file = match file {
            Some(path) => {
                let file = OpenOptions::new().append(true).create_new(true).open(path)?;
                Some(RecordingWriter::new(file))
            }
            None => None,
        };
        Ok(Self {
            events: Mutex::new(Events {
                file,
                ..Events::default()
            }),
            removed,
            project,
            began_ms: unix_ms(SystemTime::now()),
        })
    }

    fn events(&self) -> MutexGuard<'_, Events> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an event, with its time in Unix milliseconds.
    pub(crate) fn add(&self, id: EventId, event: RecordedEvent) {
        let mut events = self.events();
        if let Some(file) = &mut events.file
            && let Err(error) = file.write(&self.recorded(&event, self.began_ms))
        {
            events.problem.get_or_insert(error);
            events.file = None;
        }
        events.bytes += len(&event);
        events.kept.push_back((id, Arc::new(event)));
        while events.kept.len() > MAX_EVENTS || events.bytes > MAX_BYTES {
            let Some((_, oldest)) = events.kept.pop_front() else {
                break;
            };
            events.bytes -= len(&oldest);
        }
    }

    /// Returns why the file could not be written, once.
    pub(crate) fn take_problem(&self) -> Option<io::Error> {
        self.events().problem.take()
    }

    /// Writes these events to a new file in the project. Returns its path and the number of events, which is smaller if some of
    /// them are not kept any more.
    pub(crate) fn save(&self, ids: &[EventId], path: &str) -> io::Result<(PathBuf, usize)> {
        let path = self.path_in_project(path)?;
        let ids: HashSet<_> = ids.iter().collect();
        let lines: Vec<_> = {
            let events = self.events();
            let wanted = events.kept.iter().filter(|(id, _)| ids.contains(id));
            wanted.map(|(_, event)| Arc::clone(event)).collect()
        };
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        let mut file = RecordingWriter::new(file);
        let began_ms = lines.first().map_or(0, |event| event.at_ms);
        for event in &lines {
            file.write(&self.recorded(event, began_ms))?;
        }
        Ok((path, lines.len()))
    }

    /// Returns an event for a recording that began at this time.
    fn recorded(&self, event: &RecordedEvent, began_ms: u64) -> RecordedEvent {
        RecordedEvent {
            at_ms: event.at_ms.saturating_sub(began_ms),
            ..self.removed.remove(event)
        }
    }

    fn path_in_project(&self, path: &str) -> io::Result<PathBuf> {
        let refused = |problem: &str| io::Error::new(io::ErrorKind::InvalidInput, problem);
        let path = Path::new(path);
        let is_inside = path
            .components()
            .all(|component| matches!(component, Component::Normal(_)));
        let name = path
            .file_name()
            .filter(|_| is_inside && path.extension().is_some_and(|extension| extension == "jsonl"))
            .ok_or_else(|| refused("the path must be relative, without `..`, and end in `.jsonl`"))?;
        // A folder may be a link that leads out of the project.
        let folder = path.parent().unwrap_or(Path::new(""));
        let folder = self.project.join(folder).canonicalize()?;
        if !folder.starts_with(self.project.canonicalize()?) {
            return Err(refused("the path leads out of the project"));
        }
        Ok(folder.join(name))
    }
}

/// Returns how much memory an event takes, in bytes.
fn len(event: &RecordedEvent) -> usize {
    let answer = match &event.answer {
        RecordedAnswer::Response(response) => response.get().len(),
        RecordedAnswer::Status(status) => status.message.len(),
    };
    event.request.get().len() + answer + 256
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn writes_one_line_for_each_event() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        let recordings = Recordings::new(Some(&path), Removed::new(&[]), folder.path().into()).unwrap();
        // Clients may send JSON with line breaks.
        let line = |at_ms: u64| {
            format!(
                r#"{{"kind":"rpc","request":{{"data":[1,LF2]}},"metadata":{{}},"answer":{{"result":{{"data":LF1}}}},"at_ms":{at_ms}}}"#
            )
        };
        let began_ms = recordings.began_ms;
        let event = serde_json::from_str(&line(began_ms + 7).replace("LF", "\n")).unwrap();
        recordings.add(1, event);
        let (saved, count) = recordings.save(&[1], "saved.jsonl").unwrap();
        assert_eq!(count, 1);
        for (path, at_ms) in [(path, 7), (saved, 0)] {
            let text = std::fs::read_to_string(path).unwrap();
            assert_eq!(text, line(at_ms).replace("LF", " ") + "\n");
        }
    }

    #[test]
    fn writes_only_new_files_in_the_project() {
        let folder = tempfile::tempdir().unwrap();
        let (project, outside) = (folder.path().join("project"), folder.path().join("outside"));
        std::fs::create_dir_all(project.join("tests")).unwrap();
        std::fs::create_dir(&outside).unwrap();
        // The project itself may be reached through a link.
        let linked = folder.path().join("linked");
        symlink(&project, &linked).unwrap();
        symlink(&outside, project.join("away")).unwrap();
        symlink("tests", project.join("near")).unwrap();
        symlink(outside.join("new.jsonl"), project.join("link.jsonl")).unwrap();
        let recordings = Recordings::new(None, Removed::new(&[]), linked).unwrap();
        for path in [
            "/etc/x.jsonl",
            "../x.jsonl",
            "a/../../x.jsonl",
            "./x.jsonl",
            "x.rs",
            "",
            ".jsonl",
            "away/x.jsonl",
            "missing/x.jsonl",
            "link.jsonl",
        ] {
            assert!(recordings.save(&[], path).is_err(), "{path}");
        }
        assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
        let expected = project.canonicalize().unwrap();
        for (path, file) in [
            ("tests/x.jsonl", "tests/x.jsonl"),
            ("near/y.jsonl", "tests/y.jsonl"),
            ("z.jsonl", "z.jsonl"),
        ] {
            let (saved, _) = recordings.save(&[], path).unwrap();
            assert_eq!(saved, expected.join(file));
        }
    }
}
