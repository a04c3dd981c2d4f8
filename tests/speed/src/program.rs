//! Finds the programs that are measured, and copies them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Returns the path of a program beside this one. `package` is the package to build if it is missing.
///
/// # Errors
///
/// Returns an error that says how to build the program.
pub fn program(name: &str, package: &str) -> io::Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    if path.exists() {
        Ok(path)
    } else {
        Err(io::Error::other(format!(
            "{} is missing: `cargo build --release -p speed`, then `cargo build --release -p {package}`",
            path.display()
        )))
    }
}

/// A copy of a program, removed on drop.
///
/// The speed of a program differs by up to 5 % with the pages of memory that the kernel keeps its file in. On ext4 of Linux 6.18, a file
/// from a linker has pages of 4 KiB, and a copy has groups of 64 KiB, at other addresses for each copy. So programs are compared as
/// copies.
pub struct ProgramCopy(PathBuf);

impl ProgramCopy {
    /// Copies a program.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be copied.
    pub fn of(program: &Path) -> io::Result<Self> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("copy-{}-{number}", std::process::id());
        let copy = Self(program.with_extension(name));
        std::fs::copy(program, &copy.0)?;
        Ok(copy)
    }

    /// Returns the path of the copy.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ProgramCopy {
    fn drop(&mut self) {
        // A program that runs is not affected.
        let _ = std::fs::remove_file(&self.0);
    }
}
