//! Recordings: events as JSON lines, for `replay`.

use std::collections::{HashSet, VecDeque};
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
        let ids: HashSet<_> = ids.iter().collect();
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

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

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
