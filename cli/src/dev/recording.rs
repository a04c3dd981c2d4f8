//! Recordings: events as JSON lines, for `replay`.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::events::{Recorded, Removed, unix_ms};
use super::proxy::EventId;

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
    kept: VecDeque<(EventId, Arc<Recorded>)>,
    bytes: usize,
    file: Option<File>,
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
            Some(path) => Some(OpenOptions::new().append(true).create_new(true).open(path)?),
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

    /// Adds an event.
    pub(crate) fn add(&self, id: EventId, event: Recorded) {
        let mut events = self.events();
        if let Some(file) = &mut events.file {
            let line = format!("{}\n", event.line(&self.removed, self.began_ms));
            if let Err(error) = file.write_all(line.as_bytes()) {
                events.problem.get_or_insert(error);
                events.file = None;
            }
        }
        events.bytes += event.len();
        events.kept.push_back((id, Arc::new(event)));
        while events.kept.len() > MAX_EVENTS || events.bytes > MAX_BYTES {
            let Some((_, oldest)) = events.kept.pop_front() else {
                break;
            };
            events.bytes -= oldest.len();
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
        let lines: Vec<_> = {
            let events = self.events();
            let wanted = events.kept.iter().filter(|(id, _)| ids.contains(id));
            wanted.map(|(_, event)| Arc::clone(event)).collect()
        };
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        let began_ms = lines.first().map_or(0, |event| event.at_ms());
        for event in &lines {
            writeln!(file, "{}", event.line(&self.removed, began_ms))?;
        }
        Ok((path, lines.len()))
    }

    fn path_in_project(&self, path: &str) -> io::Result<PathBuf> {
        let path = Path::new(path);
        let is_inside = path
            .components()
            .all(|component| matches!(component, Component::Normal(_)));
        if !is_inside || path.extension().is_none_or(|extension| extension != "jsonl") {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the path must be relative, without `..`, and end in `.jsonl`",
            ));
        }
        Ok(self.project.join(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_only_new_files_in_the_project() {
        let recordings = Recordings::new(None, Removed::new(&[]), "/project".into()).unwrap();
        for path in [
            "/etc/x.jsonl",
            "../x.jsonl",
            "a/../../x.jsonl",
            "./x.jsonl",
            "x.rs",
            "",
            ".jsonl",
        ] {
            assert!(recordings.path_in_project(path).is_err(), "{path}");
        }
        let inside = recordings.path_in_project("tests/x.jsonl").unwrap();
        assert_eq!(inside, Path::new("/project/tests/x.jsonl"));
    }
}
