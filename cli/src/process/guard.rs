//! Starts programs that do not outlive this process, however it ends.
//!
//! A process that is killed with SIGKILL cannot stop its children. Each of them has a guard therefore: this executable, started
//! with [`ARGUMENT`], which starts the program in a process group of its own and holds one end of a socket. The end of this
//! process closes the other end. The guard then kills the whole group, so that no process of it is left: a compiler that cargo
//! started, for example. The socket also carries signals to the program, and its process id and exit status back.
//!
//! A guard that is killed itself ends its side of the socket without an exit status. This process then kills the group. If both are
//! killed at once, [the kernel kills the program](super::program_start). Signals that ask a process to end do not end a guard, so
//! that the program is also ended if both get them, from `pkill` for example.
//!
//! Both the guard and the program have their own process groups, so that Ctrl-C in the terminal reaches only this process, which
//! ends the programs in order.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid};
use tokio::signal::unix::{SignalKind, signal};

use super::{Exit, GuardLines, program_start};

/// The first argument of a guard.
const ARGUMENT: &str = "guard-until-end-of-parent";

/// Returns a command that starts the program behind a guard, and this process's end of the socket. Dropping that end kills the
/// program and all processes of its group.
pub(crate) fn command(program: &OsStr) -> io::Result<(Command, UnixStream)> {
    let (control, other_end) = UnixStream::pair()?;
    let mut command = Command::new(own_executable()?);
    command
        .arg0("cargo-centrifugo")
        .arg(ARGUMENT)
        .arg(program)
        .stdin(Stdio::from(OwnedFd::from(other_end)))
        .process_group(0);
    Ok((command, control))
}

/// Returns the path of the running executable, which stays right if its file is replaced meanwhile.
#[cfg(target_os = "linux")]
#[expect(clippy::unnecessary_wraps, reason = "fails on other systems")]
fn own_executable() -> io::Result<std::path::PathBuf> {
    Ok("/proc/self/exe".into())
}

#[cfg(not(target_os = "linux"))]
fn own_executable() -> io::Result<std::path::PathBuf> {
    std::env::current_exe()
}

/// Guards a program if the arguments of this process are those of a guard, or becomes the program of a guard. Returns `None`
/// otherwise.
pub(crate) fn run_guard() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let first = arguments.next()?;
    #[cfg(target_os = "linux")]
    if first == program_start::ARGUMENT {
        // The guard says why the program does not start. An error means that the guard has ended.
        let _ = program_start::execute(arguments);
        return Some(ExitCode::FAILURE);
    }
    if first != ARGUMENT {
        return None;
    }
    let code = match guard(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: a program cannot be guarded: {error}");
            2
        }
    };
    Some(ExitCode::from(code))
}

fn guard(mut arguments: impl Iterator<Item = OsString>) -> io::Result<u8> {
    outlive_signals()?;
    let mut control = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let program = arguments
        .next()
        .ok_or_else(|| io::Error::other("the program is missing"))?;
    let mut child = match program_start::start(&program, arguments) {
        Ok(child) => child,
        Err(error) => {
            let _ = writeln!(control, "failed {error}");
            return Ok(127);
        }
    };
    let pid = i32::try_from(child.id())
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(|| io::Error::other("the process has no id"))?;
    // An error means that the parent has ended. The thread below notices it.
    let _ = writeln!(control, "pid {}", child.id());
    let running = Arc::new(Mutex::new(Some(pid)));
    let commands = control.try_clone()?;
    std::thread::spawn({
        let running = Arc::clone(&running);
        move || follow(commands, &running)
    });
    // The process is waited for without being reaped, so that its id still belongs to it while the rest of the group is killed.
    while waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
        .is_err_and(|error| error == rustix::io::Errno::INTR)
    {}
    let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = kill_process_group(pid, Signal::KILL);
    *running = None;
    let status = child.wait()?;
    let code = match (status.code(), status.signal()) {
        (Some(code), _) => {
            let _ = writeln!(control, "code {code}");
            code
        }
        (None, signal) => {
            let signal = signal.unwrap_or_default();
            let _ = writeln!(control, "signal {signal}");
            128 + signal
        }
    };
    Ok(u8::try_from(code).unwrap_or(u8::MAX))
}

/// Handles the signals that ask a process to end, by doing nothing. The program would inherit signals that are ignored, but not
/// handlers.
fn outlive_signals() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let _context = runtime.enter();
    for kind in [
        SignalKind::hangup(),
        SignalKind::interrupt(),
        SignalKind::quit(),
        SignalKind::terminate(),
    ] {
        // The handler of the process stays when this is dropped.
        drop(signal(kind)?);
    }
    Ok(())
}

/// Reads what a guard says until it ends, and returns how its program ended. Kills the program if the guard does not say it.
pub(crate) fn exit_of_program(control: UnixStream) -> Exit {
    let mut guard = GuardLines::default();
    for line in BufReader::new(control).lines().map_while(Result::ok) {
        guard.read(&line);
    }
    guard.end()
}

/// Passes signals on until the end of the parent, and then kills the group.
fn follow(commands: UnixStream, running: &Mutex<Option<Pid>>) {
    for line in BufReader::new(commands).lines().map_while(Result::ok) {
        let signal = match line.as_str() {
            "hang up" => Signal::HUP,
            "terminate" => Signal::TERM,
            _ => break,
        };
        let running = running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pid) = *running {
            let _ = kill_process(pid, signal);
        }
    }
    let running = running.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pid) = *running {
        let _ = kill_process_group(pid, Signal::KILL);
    }
}
