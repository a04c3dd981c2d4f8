//! Asks a program for its description.

use std::fmt;
use std::io::Read;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::pieces::read_pieces;
use crate::description::{Description, InvalidDescription};
use crate::printable::printable;
use crate::process::{self, Exit};

/// How long a program may take to print its description and to end.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// How long the rest of the output of a program that was killed is waited for.
const REST_LIMIT: Duration = Duration::from_secs(1);
/// The longest description, in bytes.
const MAX_LEN: u64 = 64 << 20;
/// The longest line of the log, in bytes. Longer ones are printed as several.
const MAX_LOG_LINE_LEN: u64 = 64 << 10;

/// Runs a program with `WORKER_DESCRIBE=json`, and reads what it prints. Its log goes to standard error.
///
/// # Errors
///
/// Returns an error if the program cannot be run, dies, takes more than 30 s, or prints something else.
pub(crate) fn describe(executable: &Path) -> Result<Description, DescribeError> {
    let (command, control) = process::command(executable.as_os_str()).map_err(DescribeError::Run)?;
    let text = describe_by(command, control)?;
    Description::parse(&text).map_err(DescribeError::Invalid)
}

/// Runs a command that [`process::command`] has made with `WORKER_DESCRIBE=json`, and returns what the program prints.
pub(crate) fn describe_by(mut command: Command, control: UnixStream) -> Result<String, DescribeError> {
    let mut guard = command
        .env("WORKER_DESCRIBE", "json")
        // RoadRunner's variables would have the program look for RoadRunner.
        .env_remove("RR_MODE")
        .env_remove("RR_RELAY")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(DescribeError::Run)?;
    // The command holds the guard's end of the socket.
    drop(command);
    let (log_end, end_of_log) = mpsc::channel::<()>();
    if let Some(log) = guard.stderr.take() {
        std::thread::spawn(move || {
            print_lines(log);
            drop(log_end);
        });
    }
    let (sender, receiver) = mpsc::channel();
    if let Some(output) = guard.stdout.take() {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let result = output.take(MAX_LEN + 1).read_to_end(&mut bytes);
            let _ = sender.send(result.map(|_| bytes));
        });
    }
    // The guard holds the output until it ends, so that this is also the end of a program that has closed its output.
    let output = receiver.recv_timeout(TIME_LIMIT);
    let is_complete = matches!(&output, Ok(Ok(bytes)) if bytes.len() as u64 <= MAX_LEN);
    if !is_complete {
        // The guard kills the program and all processes of its group, and ends. Killing the guard would leave them running.
        let _ = control.shutdown(Shutdown::Write);
    }
    guard.wait().map_err(DescribeError::Run)?;
    // What the program has printed comes before the error of the command. A process of another group may still hold the output.
    let _ = end_of_log.recv_timeout(REST_LIMIT);
    let exit = process::exit_of_program(control);
    if let Exit::NotStarted(error) = exit {
        return Err(DescribeError::Run(std::io::Error::other(error)));
    }
    let Ok(output) = output else {
        let rest = receiver.recv_timeout(REST_LIMIT).ok().and_then(Result::ok);
        let text = String::from_utf8_lossy(rest.as_deref().unwrap_or_default()).into_owned();
        return Err(match Description::parse(&text) {
            Ok(_) => DescribeError::NoEnd,
            Err(_) => DescribeError::TimeLimit,
        });
    };
    let bytes = output.map_err(DescribeError::Run)?;
    if !is_complete {
        return Err(DescribeError::TooLong);
    }
    if !exit.is_success() {
        return Err(DescribeError::Failed(exit));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Prints the lines of a program's log to standard error until its end, without control characters.
fn print_lines(log: impl Read) {
    // An error is the end of the log, too.
    let _ = read_pieces(log, MAX_LOG_LINE_LEN, |line| eprintln!("{}", printable(line)));
}

/// Why a program gave no description.
#[derive(Debug)]
pub(crate) enum DescribeError {
    /// The program cannot be run.
    Run(std::io::Error),
    /// The program has failed.
    Failed(Exit),
    /// The program takes too long.
    TimeLimit,
    /// The program has printed its description, and goes on.
    NoEnd,
    /// The program prints too much.
    TooLong,
    /// The program printed something else.
    Invalid(InvalidDescription),
}

impl fmt::Display for DescribeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run(error) => write!(f, "the program cannot be run: {error}"),
            Self::Failed(exit) => write!(
                f,
                "the program ended with {exit} before it printed its description; what it printed is above"
            ),
            Self::TimeLimit => write!(
                f,
                "the program did not print its description within {} s of WORKER_DESCRIBE=json; call `centrifugo::serve()` or \
                 `Server::build` before anything that waits",
                TIME_LIMIT.as_secs()
            ),
            Self::NoEnd => write!(
                f,
                "the program printed its description, but did not end within {} s of WORKER_DESCRIBE=json; let `main` return after \
                 `centrifugo::serve()` or `Server::build`",
                TIME_LIMIT.as_secs()
            ),
            Self::TooLong => write!(f, "the program printed more than {} MiB", MAX_LEN >> 20),
            Self::Invalid(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DescribeError {}
