//! Writes files that people have.

use std::fs;
use std::io;
use std::path::Path;

/// Replaces the content of a file, or creates it. A file that cannot be written completely stays as it was.
pub(super) fn write_file(path: &Path, text: &str) -> io::Result<()> {
    // A symbolic link stays one.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::other("the path names no file"))?;
    let mut temporary = name.to_owned();
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(temporary);
    let result = fs::write(&temporary, text)
        .and_then(|()| match fs::metadata(path) {
            Ok(metadata) => fs::set_permissions(&temporary, metadata.permissions()),
            Err(_) => Ok(()),
        })
        .and_then(|()| fs::rename(&temporary, path));
    if result.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    result.map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("{} cannot be written: {error}", path.display()),
        )
    })
}
