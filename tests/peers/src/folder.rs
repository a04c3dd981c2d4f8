//! The folder of a test.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A new folder for configurations and logs, removed on drop unless the test failed.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes a folder that is named after the test.
    #[allow(clippy::new_without_default, reason = "it has an effect")]
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let test = std::thread::current().name().unwrap_or("main").replace("::", "-");
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("logs")
            .join(format!("{test}-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for logs");
        Self(folder)
    }

    /// Returns the path.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("logs of the peers: {}", self.0.display());
        } else {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}
