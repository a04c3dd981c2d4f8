//! What a program under test writes.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(10);

/// A file that a program writes; it is gone with this value.
pub struct Log(PathBuf);

impl Log {
    /// A file that is not there yet.
    pub fn new(name: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("centrifugo-{name}-{}-{number}", std::process::id())))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The file, empty, for a program's output.
    pub fn create(&self) -> File {
        File::create(&self.0).expect("a file")
    }

    /// What it holds so far.
    pub fn text(&self) -> String {
        fs::read_to_string(&self.0).unwrap_or_default()
    }

    /// Waits until the text is there: programs log after they answer.
    pub fn wait_for(&self, part: &str) -> String {
        self.wait_for_times(part, 1)
    }

    /// Waits until the log has a text this many times, and returns the log.
    pub fn wait_for_times(&self, part: &str, times: usize) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let text = self.text();
            if text.matches(part).count() >= times {
                return text;
            }
            assert!(Instant::now() < end, "not {times} times `{part}` in:\n{text}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
