//! Recordings: events as JSON lines, for `replay`.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::events::{Recorded, unix_ms};
use super::proxy::EventId;
use crate::recording::{LeftOut, RecordedAnswer, RecordedEvent, RecordingWriter, Removed};

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
    /// The time of these events is in Unix milliseconds.
    kept: VecDeque<(EventId, Arc<RecordedEvent>)>,
    bytes: usize,
    file: Option<RecordingWriter<File>>,
    problem: Option<io::Error>,
    /// How many events are not in the file.
    left_out: BTreeMap<LeftOut, u64>,
}

impl Recordings {
    /// Records all events to a file, if there is one.
    ///
    /// # Errors
    ///
    /// Returns an error if the file exists already or cannot be written.
    pub(crate) fn new(file: Option<&Path>, removed: Removed, project: PathBuf) -> io::Result<Self> {
        let file = match file {
            Some(path) => Some(RecordingWriter::new(
                OpenOptions::new().append(true).create_new(true).open(path)?,
            )),
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

    /// Adds an event, or counts why it is left out.
    pub(crate) fn add(&self, id: EventId, event: Result<Recorded, LeftOut>) {
        let event = event.and_then(|event| event.cleaned(&self.removed));
        let mut events = self.events();
        let event = match event {
            Ok(event) => event,
            Err(reason) => {
                if events.file.is_some() {
                    *events.left_out.entry(reason).or_default() += 1;
                }
                return;
            }
        };
        if let Some(file) = &mut events.file
            && let Err(error) = file.write(&since(&event, self.began_ms))
        {
            events.problem.get_or_insert(error);
            events.file = None;
        }
        events.bytes += kept_len(&event);
        events.kept.push_back((id, Arc::new(event)));
        while events.kept.len() > MAX_EVENTS || events.bytes > MAX_BYTES {
            let Some((_, oldest)) = events.kept.pop_front() else {
                break;
            };
            events.bytes -= kept_len(&oldest);
        }
    }

    /// Returns why the file could not be written, once.
    pub(crate) fn take_problem(&self) -> Option<io::Error> {
        self.events().problem.take()
    }

    /// Returns how many events were left out of the file since the last time, and why.
    pub(crate) fn take_left_out(&self) -> BTreeMap<LeftOut, u64> {
        std::mem::take(&mut self.events().left_out)
    }

    /// Writes these events to a new file in the project. Returns its path and the number of events, which is smaller if some of
    /// them were left out, or are not kept any more.
    pub(crate) fn save(&self, ids: &[EventId], path: &str) -> io::Result<(PathBuf, usize)> {
        let path = self.path_in_project(path)?;
        let ids: HashSet<_> = ids.iter().collect();
        let lines: Vec<_> = {
            let events = self.events();
            let wanted = events.kept.iter().filter(|(id, _)| ids.contains(id));
            wanted.map(|(_, event)| Arc::clone(event)).collect()
        };
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        let mut writer = RecordingWriter::new(file);
        let began_ms = lines.first().map_or(0, |event| event.at_ms);
        for event in &lines {
            writer.write(&since(event, began_ms))?;
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

/// Returns an event with its time since the recording began.
fn since(event: &RecordedEvent, began_ms: u64) -> RecordedEvent {
    RecordedEvent {
        at_ms: event.at_ms.saturating_sub(began_ms),
        ..event.clone()
    }
}

/// Returns about how much memory an event takes, in bytes.
fn kept_len(event: &RecordedEvent) -> usize {
    let answer = match &event.answer {
        RecordedAnswer::Response(json) => json.get().len(),
        RecordedAnswer::Status(status) => status.message.len(),
    };
    let metadata = event.metadata.iter().map(|(name, values)| {
        let values = values.iter().map(String::len);
        name.len() + values.sum::<usize>()
    });
    event.request.get().len() + answer + metadata.sum::<usize>() + 256
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::recording::RecordingReader;

    #[test]
    fn writes_each_event_on_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.jsonl");
        let recordings = Recordings::new(Some(&path), Removed::new(&[]), folder.path().to_owned()).unwrap();
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let event = Recorded::rpc("{\"method\":\"a\",\"data\":{\n\"n\":\r\n1}}", "{\"result\":{\n}}");
        recordings.add(1, Ok(event));
        recordings.add(2, Ok(Recorded::rpc(&format!("{{\"data\":{deep}}}"), "{}")));
        recordings.add(3, Err(LeftOut::NoAnswer));
        recordings.add(
            4,
            Ok(Recorded::rpc("{\"method\":\"b\"}", "{\"status\":{\"code\":13}}")),
        );
        let (saved, count) = recordings.save(&[1, 2, 3, 4], "some.jsonl").unwrap();
        assert_eq!(count, 2);
        for path in [path, saved] {
            let file = BufReader::new(File::open(path).unwrap());
            let events: Vec<_> = RecordingReader::new(file).map(Result::unwrap).collect();
            assert_eq!(events.len(), 2);
            assert_eq!(
                events[0].request.get(),
                "{\"method\":\"a\",\"data\":{ \"n\":  1}}"
            );
            assert!(events[0].at_ms < 100_000, "{}", events[0].at_ms);
            assert!(matches!(&events[1].answer, RecordedAnswer::Status(status) if status.code == 13));
        }
        let left_out = recordings.take_left_out();
        assert_eq!(left_out, [(LeftOut::NoAnswer, 1), (LeftOut::TooDeep, 1)].into());
        assert!(recordings.take_left_out().is_empty());
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
