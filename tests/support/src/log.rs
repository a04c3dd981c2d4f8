//! A file that a program under test writes.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

const TIMEOUT: Duration = Duration::from_secs(10);

/// A temporary file that a program writes, removed on drop.
pub struct Log(PathBuf);

impl Log {
    /// Chooses a unique path. The file is not created yet.
    pub fn new(name: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("centrifugo-{name}-{}-{number}", std::process::id())))
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Creates the empty file, for the output of a program.
    pub fn create(&self) -> File {
        File::create(&self.0).expect("a file")
    }

    /// Returns the current content, which is empty if the file does not exist.
    pub fn text(&self) -> String {
        fs::read_to_string(&self.0).unwrap_or_default()
    }

    /// Waits up to 10 s until the file contains the text. Returns the whole content.
    pub fn wait_for(&self, part: &str) -> String {
        self.wait_for_count(part, 1)
    }

    /// Waits up to 10 s until the file contains the text `count` times. Returns the whole content.
    pub fn wait_for_count(&self, part: &str, count: usize) -> String {
        let end = Instant::now() + TIMEOUT;
        loop {
            let text = self.text();
            if text.matches(part).count() >= count {
                return text;
            }
            assert!(
                Instant::now() < end,
                "`{part}` is not there {count} times:\n{text}"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
