//! Finds the programs that are measured.

use std::io;
use std::path::PathBuf;

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
