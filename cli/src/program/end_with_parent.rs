//! Starts programs that end when this process ends, even by SIGKILL.
//!
//! Linux can send a signal to a process when its parent ends. The process itself has to ask for it, so the program is started through
//! this executable, which asks, and then becomes the program. On other systems, the program goes on if this process is killed.

use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

/// The first argument of this executable when it becomes a program.
const ARGUMENT: &str = "become-program";

/// Returns a command for the program. It must be spawned by a thread that lives as long as the program should.
pub(super) fn command(program: &OsStr) -> io::Result<Command> {
    if cfg!(target_os = "linux") && is_own_command() {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg(ARGUMENT)
            .arg(std::process::id().to_string())
            .arg(program);
        Ok(command)
    } else {
        Ok(Command::new(program))
    }
}

/// Whether this process is `cargo centrifugo`, and not another program with this library.
fn is_own_command() -> bool {
    std::env::current_exe().is_ok_and(|path| path.file_stem().is_some_and(|name| name == "cargo-centrifugo"))
}

/// Becomes a program if the arguments of this process say so. Returns `None` otherwise.
pub(crate) fn run_child() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_none_or(|first| first != ARGUMENT) {
        return None;
    }
    let parent = arguments.next();
    let program = arguments.next()?;
    end_with_parent();
    // A parent that has ended before this process asked for the signal is not noticed otherwise.
    let current_parent = rustix::process::getppid().map(|pid| pid.as_raw_nonzero().to_string());
    if parent.as_deref().and_then(OsStr::to_str) != current_parent.as_deref() {
        return Some(ExitCode::FAILURE);
    }
    let error = Command::new(&program).args(arguments).exec();
    eprintln!("error: `{}` cannot be run: {error}", program.display());
    Some(ExitCode::from(127))
}

#[cfg(target_os = "linux")]
fn end_with_parent() {
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
}

#[cfg(not(target_os = "linux"))]
fn end_with_parent() {}
