//! Writes files that people have.

use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt};
use std::path::{Path, PathBuf};

/// Replaces the content of a file, or creates it. A file that cannot be written completely stays as it was.
pub(super) fn write_file(path: &Path, text: &str) -> io::Result<()> {
    // A symbolic link stays one.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    replace(path, text).map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("{} cannot be written: {error}", path.display()),
        )
    })
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let permissions = match fs::metadata(path) {
        Ok(metadata) => Some(metadata.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mode = permissions.as_ref().map(PermissionsExt::mode);
    let (mut file, temporary) = create_temporary(path, mode)?;
    let result = file
        .write_all(text.as_bytes())
        .and_then(|()| match permissions {
            // The mode has fewer bits than that of the old file if the umask removes some.
            Some(permissions) => file.set_permissions(permissions),
            None => Ok(()),
        })
        .and_then(|()| fs::rename(&temporary, path));
    if result.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    result
}

/// Creates a new file beside another one. Nobody may read it who may not read the old one, not even before it is complete, and
/// nobody can have put a link at its name.
fn create_temporary(path: &Path, mode: Option<u32>) -> io::Result<(File, PathBuf)> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::other("the path names no file"))?;
    let mut temporary = name.to_owned();
    let random = RandomState::new().hash_one(std::process::id());
    temporary.push(format!(".{random:016x}.tmp"));
    let temporary = path.with_file_name(temporary);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    if let Some(mode) = mode {
        options.mode(mode & 0o777);
    }
    Ok((options.open(&temporary)?, temporary))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn keeps_the_mode_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        for old_mode in [0o600, 0o666, 0o444] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(old_mode)).unwrap();
            write_file(&path, "new").unwrap();
            assert_eq!(
                (fs::read_to_string(&path).unwrap().as_str(), mode(&path)),
                ("new", old_mode)
            );
            fs::remove_file(&path).unwrap();
        }
        write_file(&path, "new").unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn hides_the_temporary_file_like_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let (_, temporary) = create_temporary(&path, Some(0o100_600)).unwrap();
        assert_eq!(mode(&temporary), 0o600);
        // Another name each time.
        assert!(create_temporary(&path, None).is_ok());
    }

    #[test]
    fn follows_no_link_at_a_name_that_can_be_guessed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let other = folder.path().join("other");
        fs::write(&other, "other").unwrap();
        let guessed = folder.path().join(format!("a.json.{}.tmp", std::process::id()));
        std::os::unix::fs::symlink(&other, guessed).unwrap();
        write_file(&path, "new").unwrap();
        assert_eq!(fs::read_to_string(other).unwrap(), "other");
        assert_eq!(fs::read_to_string(path).unwrap(), "new");
    }
}
