//! Notices changes of files.
//!
//! The files are listed again and again. That works on all file systems, among them those of containers and networks, which tell
//! nobody about changes, and takes about a millisecond for a hundred files. A list that takes longer is made less often.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::mpsc;

/// The shortest time between two lists.
const INTERVAL: Duration = Duration::from_millis(250);
/// The time between two lists is this many times what a list takes.
const PAUSE_FACTOR: u32 = 10;
/// How long changes may go on before they are reported.
const MAX_SETTLE: Duration = Duration::from_secs(5);
/// Files that are listed at most.
const MAX_FILES: usize = 100_000;

/// What is watched.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watched {
    /// Folders with sources. Rust files and manifests in them are watched.
    pub(crate) folders: Vec<PathBuf>,
    /// A folder that is not watched.
    pub(crate) target: PathBuf,
    /// Other files that the program is built from, with the time when the build that read them began.
    pub(crate) files: HashMap<PathBuf, SystemTime>,
    /// The file with the environment of the program.
    pub(crate) env_file: Option<PathBuf>,
    /// Centrifugo's configuration.
    pub(crate) config: Option<PathBuf>,
}

/// What has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    /// Files of the program.
    pub(crate) sources: Vec<PathBuf>,
    pub(crate) env_file: bool,
    pub(crate) config: bool,
}

impl Change {
    pub(crate) fn is_empty(&self) -> bool {
        self.sources.is_empty() && !self.env_file && !self.config
    }

    /// Adds what has changed later.
    pub(crate) fn add(&mut self, other: Self) {
        self.sources.extend(other.sources);
        self.env_file |= other.env_file;
        self.config |= other.config;
    }
}

/// What tells one version of a file from another.
type Stamp = (Option<SystemTime>, u64);
type Snapshot = HashMap<PathBuf, Stamp>;

/// Reports changes until the receiver is dropped. Changes that come close together are one change.
pub(crate) fn watch(watched: Arc<Mutex<Watched>>) -> mpsc::Receiver<Change> {
    let (sender, receiver) = mpsc::channel(16);
    let current = move || watched.lock().unwrap_or_else(PoisonError::into_inner).clone();
    std::thread::spawn(move || {
        let mut known = current();
        let mut before = snapshot(&known);
        loop {
            let started = Instant::now();
            let mut watched = current();
            let mut now = snapshot(&watched);
            let pause = INTERVAL.max(started.elapsed() * PAUSE_FACTOR);
            if now != before {
                // More changes may follow at once.
                let end = Instant::now() + MAX_SETTLE;
                loop {
                    std::thread::sleep(pause.min(MAX_SETTLE));
                    watched = current();
                    let next = snapshot(&watched);
                    let is_settled = next == now;
                    now = next;
                    if is_settled || Instant::now() >= end {
                        break;
                    }
                }
                let change = difference(&before, &now, &known, &watched);
                if !change.is_empty() && sender.blocking_send(change).is_err() {
                    return;
                }
                before = now;
            }
            known = watched;
            if sender.is_closed() {
                return;
            }
            std::thread::sleep(pause);
        }
    });
    receiver
}

fn snapshot(watched: &Watched) -> Snapshot {
    let mut snapshot = Snapshot::new();
    let mut folders = watched.folders.clone();
    while let Some(folder) = folders.pop() {
        // A folder that is gone has no files.
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        for entry in entries {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            // Links are not followed, so that no folder is listed twice or for ever.
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let path = entry.path();
            if kind.is_dir() {
                let is_ignored = name.starts_with('.') || matches!(&*name, "target" | "node_modules");
                if !is_ignored && path != watched.target && snapshot.len() < MAX_FILES {
                    folders.push(path);
                }
            } else if is_source(&name) && snapshot.len() < MAX_FILES {
                snapshot.insert(path, stamp(entry.metadata().ok()));
            }
        }
    }
    let single = watched
        .files
        .keys()
        .chain(&watched.env_file)
        .chain(&watched.config);
    for path in single {
        snapshot.insert(path.clone(), stamp(fs::metadata(path).ok()));
    }
    snapshot
}

fn is_source(name: &str) -> bool {
    let has_extension = Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "rs" || extension == "toml");
    // Editors write files such as `.main.rs.swp` and `.#main.rs`.
    (has_extension || name == "Cargo.lock") && !name.starts_with('.')
}

fn stamp(metadata: Option<Metadata>) -> Stamp {
    metadata.map_or((None, 0), |metadata| (metadata.modified().ok(), metadata.len()))
}

/// Returns what differs. Files that are not watched any more have not changed, and files that were not watched before only if they
/// were written after the build that read them began.
fn difference(before: &Snapshot, now: &Snapshot, known: &Watched, watched: &Watched) -> Change {
    let mut change = Change::default();
    let changed = now
        .iter()
        .filter(|(path, stamp)| before.get(*path) != Some(stamp))
        .map(|(path, _)| path);
    let removed = before
        .keys()
        .filter(|path| !now.contains_key(*path) && !is_listed_only_in(path, known, watched));
    for path in changed.chain(removed) {
        if watched.env_file.as_ref() == Some(path) {
            change.env_file = true;
        } else if watched.config.as_ref() == Some(path) {
            change.config = true;
        } else if before.contains_key(path)
            || !is_listed_only_in(path, watched, known)
            || is_newer_than_build(path, now, watched)
        {
            change.sources.push(path.clone());
        }
    }
    change
}

/// Whether [`Watched::files`] of one list contains a file, and of the other does not.
fn is_listed_only_in(path: &PathBuf, list: &Watched, other: &Watched) -> bool {
    list.files.contains_key(path) && !other.files.contains_key(path)
}

fn is_newer_than_build(path: &Path, now: &Snapshot, watched: &Watched) -> bool {
    let modified = now.get(path).and_then(|(modified, _)| *modified);
    modified
        .zip(watched.files.get(path))
        .is_some_and(|(modified, began)| modified > *began)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("watcher-{name}-{}", std::process::id()));
            fs::create_dir_all(path.join("src")).unwrap();
            Self(path)
        }

        fn write(&self, name: &str, text: &str) {
            let path = self.0.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn watched(&self) -> Watched {
            Watched {
                folders: vec![self.0.clone()],
                target: self.0.join("out"),
                env_file: Some(self.0.join(".env")),
                ..Watched::default()
            }
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn sees_sources_alone() {
        let folder = Folder::new("sources");
        let watched = folder.watched();
        let before = snapshot(&watched);
        for ignored in [
            "out/x.rs",
            "target/x.rs",
            ".git/x.rs",
            "data.db",
            "src/.main.rs.swp",
            ".hidden.rs",
        ] {
            folder.write(ignored, "x");
        }
        assert_eq!(snapshot(&watched), before);
        folder.write("src/main.rs", "1");
        folder.write("Cargo.toml", "1");
        let created = snapshot(&watched);
        assert_eq!(created.len(), before.len() + 2);
        folder.write("src/main.rs", "22");
        folder.write(".env", "A=1");
        fs::remove_file(folder.0.join("Cargo.toml")).unwrap();
        let change = difference(&created, &snapshot(&watched), &watched, &watched);
        assert_eq!(change.sources.len(), 2);
        assert!(change.env_file && !change.config);
    }

    #[test]
    fn files_do_not_change_when_they_become_watched_or_unwatched() {
        let folder = Folder::new("inputs");
        folder.write("src/query.sql", "1");
        let known = folder.watched();
        let before = snapshot(&known);
        let mut watched = known.clone();
        let query = folder.0.join("src/query.sql");
        let written = fs::metadata(&query).unwrap().modified().unwrap();
        watched.files.insert(query.clone(), written);
        let now = snapshot(&watched);
        assert!(difference(&before, &now, &known, &watched).is_empty());
        assert!(difference(&now, &before, &watched, &known).is_empty());
        // It was written while the first build was running, or before it was listed.
        let began = written - Duration::from_millis(1);
        watched.files.insert(query, began);
        assert_eq!(difference(&before, &now, &known, &watched).sources.len(), 1);
        folder.write("src/query.sql", "22");
        let change = difference(&now, &snapshot(&watched), &watched, &watched);
        assert_eq!(change.sources.len(), 1);
    }

    #[tokio::test]
    async fn reports_a_thousand_changes_as_one() {
        let folder = Folder::new("thousand");
        let mut changes = watch(Arc::new(Mutex::new(folder.watched())));
        tokio::time::sleep(Duration::from_millis(300)).await;
        for number in 0..1000 {
            folder.write(&format!("src/m{}/f{number}.rs", number % 7), "x");
        }
        let change = tokio::time::timeout(Duration::from_secs(10), changes.recv())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(change.sources.len(), 1000);
        let more = tokio::time::timeout(Duration::from_secs(1), changes.recv()).await;
        assert!(more.is_err(), "{more:?}");
    }
}
