//! Starts a program that does not outlive this one, even if this one is killed with SIGKILL.
//!
//! A killed process can't stop its children, but on Linux the kernel can: a process sets its "parent death signal" and gets
//! the signal when its parent ends. The child has to set it, between its start and the start of the other program. Without
//! `unsafe` code this takes a step in between: the program starts itself with [`ARGUMENT`], and that process sets the signal and
//! then replaces itself by the other program.

use std::path::Path;

use tokio::process::Command;

/// The first argument of the step in between.
#[cfg(target_os = "linux")]
const ARGUMENT: &str = "exec-until-parent-death";

/// Returns a command that starts the program.
///
/// Spawn it from the main thread: the kernel sends the signal when the thread that spawned the child ends.
#[cfg(target_os = "linux")]
pub fn command(program: &Path) -> Command {
    // This is the running program, even if its file has been replaced in the meantime.
    let mut command = Command::new("/proc/self/exe");
    command
        .arg(ARGUMENT)
        .arg(std::process::id().to_string())
        .arg(program);
    command
}

/// Returns a command that starts the program. Systems other than Linux have no parent death signal.
#[cfg(not(target_os = "linux"))]
pub fn command(program: &Path) -> Command {
    Command::new(program)
}

/// Replaces this process by the program if the arguments are those of [`command`]. Returns only if they are not, or if it
/// fails.
#[cfg(target_os = "linux")]
pub fn exec_if_requested() -> Result<(), centrifugo::BoxError> {
    use std::os::unix::process::CommandExt as _;

    use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};

    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_none_or(|first| first != ARGUMENT) {
        return Ok(());
    }
    let parent: i32 = arguments
        .next()
        .and_then(|id| id.to_str()?.parse().ok())
        .ok_or("the id of the parent is missing")?;
    let program = arguments.next().ok_or("the program is missing")?;
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // The parent may have ended before the signal was set.
    if getppid() != Pid::from_raw(parent) {
        return Err("the program that started this one has ended".into());
    }
    let error = std::process::Command::new(&program).args(arguments).exec();
    Err(format!("{} does not start: {error}", Path::new(&program).display()).into())
}

#[cfg(not(target_os = "linux"))]
pub fn exec_if_requested() -> Result<(), centrifugo::BoxError> {
    Ok(())
}
