//! Starts the program of a guard.
//!
//! On Linux, the kernel kills the program when its guard ends, also by SIGKILL at the same moment as the process that the guard belongs
//! to. A process can only set this "parent death signal" for itself, and code between its start and that of the program would be
//! unsafe. The guard therefore starts this executable with [`ARGUMENT`], which sets the signal, and then executes the program in its
//! place. Processes that the program has started do not get the signal: the guard or the process that it belongs to kills them, unless
//! both are killed.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

/// The first argument of the process that becomes the program.
#[cfg(target_os = "linux")]
pub(super) const ARGUMENT: &str = "program-until-end-of-guard";

/// Starts the program in a process group of its own. The kernel kills it when the thread of the caller ends.
#[cfg(target_os = "linux")]
pub(super) fn start(program: &OsStr, arguments: impl Iterator<Item = OsString>) -> io::Result<Child> {
    use std::io::Read as _;
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;

    // The other end is closed when the program is executed. Before, it says why it cannot be.
    let (mut problems, other_end) = UnixStream::pair()?;
    let mut command = Command::new("/proc/self/exe");
    command
        .arg0("cargo-centrifugo")
        .arg(ARGUMENT)
        .arg(std::process::id().to_string())
        .arg(program)
        .args(arguments)
        .stdin(Stdio::from(OwnedFd::from(other_end)))
        .process_group(0);
    let mut child = command.spawn()?;
    drop(command);
    let mut problem = String::new();
    problems.read_to_string(&mut problem)?;
    if problem.is_empty() {
        return Ok(child);
    }
    child.wait()?;
    Err(io::Error::other(problem))
}

/// Starts the program in a process group of its own. Systems other than Linux have no parent death signal.
#[cfg(not(target_os = "linux"))]
pub(super) fn start(program: &OsStr, arguments: impl Iterator<Item = OsString>) -> io::Result<Child> {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
}

/// Executes the program in place of this process. Returns only if it cannot be executed, after it has said why to the guard.
#[cfg(target_os = "linux")]
pub(super) fn execute(arguments: impl Iterator<Item = OsString>) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::fd::AsFd as _;
    use std::os::unix::net::UnixStream;

    // This copy is closed when the program is executed, which gets another standard input.
    let mut guard = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    write!(guard, "{}", problem(arguments))
}

/// Executes the program. Returns why it could not.
#[cfg(target_os = "linux")]
fn problem(mut arguments: impl Iterator<Item = OsString>) -> io::Error {
    use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};

    let guard = arguments.next().and_then(|id| id.to_str()?.parse().ok());
    let (Some(guard), Some(program)) = (guard, arguments.next()) else {
        return io::Error::other("the program is missing");
    };
    if let Err(error) = set_parent_process_death_signal(Some(Signal::KILL)) {
        return error.into();
    }
    // The guard may have ended before the signal was set.
    if getppid() != Pid::from_raw(guard) {
        return io::Error::other("the guard has ended");
    }
    Command::new(program).args(arguments).stdin(Stdio::null()).exec()
}
