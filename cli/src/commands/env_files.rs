//! The environment of Centrifugo, with the files that `--env-file` names.

use std::io;
use std::path::PathBuf;

use crate::centrifugo::Environment;
use crate::env_file::read_env_file;

/// Returns the environment of this process with the variables of files on top of it.
pub(super) fn environment(files: &[PathBuf]) -> io::Result<Environment> {
    let mut environment = Environment::of_process();
    for path in files {
        for (name, value) in read_env_file(path)? {
            environment.set(name, value);
        }
    }
    Ok(environment)
}
