//! A program that a command starts for itself.

use std::ffi::OsString;
use std::fmt;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::ProgramLog;
use super::end_with_parent::command;

/// How long a program may take until it listens.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How long a program may take to end.
const STOP_LIMIT: Duration = Duration::from_secs(10);
/// How many lines of the log an error has.
const LINES_IN_ERRORS: usize = 40;

/// A running program. Dropping it ends the program.
#[derive(Debug)]
pub struct StartedProgram {
    child: Child,
    address: String,
    log: ProgramLog,
}

impl StartedProgram {
    /// Starts a program on a free port, and waits until it listens. The current thread has to live as long as the program. With
    /// `has_outcomes`, the program logs how each event ends.
    ///
    /// # Errors
    ///
    /// Returns an error if the program cannot be run, ends, or does not listen within 30 s.
    pub fn start(executable: &Path, arguments: &[OsString], has_outcomes: bool) -> Result<Self, StartError> {
        let mut command = command(executable.as_os_str()).map_err(StartError::Run)?;
        for name in [
            "WORKER_DESCRIBE",
            "WORKER_HTTP_LISTEN",
            "WORKER_METRICS_LISTEN",
            "RR_MODE",
            "RR_RELAY",
        ] {
            command.env_remove(name);
        }
        if has_outcomes {
            command.env("RUST_LOG", log_filter(std::env::var("RUST_LOG").ok()));
        }
        let child = command
            .args(arguments)
            .env("WORKER_LISTEN", "127.0.0.1:0")
            .env("WORKER_BANNER", "on")
            .env("WORKER_LOG", "json")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(StartError::Run)?;
        let mut program = Self {
            child,
            address: String::new(),
            log: ProgramLog::default(),
        };
        if let Some(output) = program.child.stdout.take() {
            program.log.read(output);
        }
        if let Some(output) = program.child.stderr.take() {
            program.log.read(output);
        }
        let address = program
            .log
            .wait_for(0, START_LIMIT, |line| find_address(&line.text));
        program.address = match address {
            Some(address) => address,
            None => return Err(program.start_error()),
        };
        Ok(program)
    }

    /// Returns the address of the gRPC endpoint.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns the log.
    pub fn log(&self) -> &ProgramLog {
        &self.log
    }

    /// Returns the process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Returns the exit status if the program has ended.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    fn start_error(&mut self) -> StartError {
        let status = self.wait(Duration::from_millis(500));
        let lines = self.log.since(0);
        let skipped = lines.len().saturating_sub(LINES_IN_ERRORS);
        let log = lines.into_iter().skip(skipped).map(|line| line.text);
        let log = log.collect::<Vec<_>>().join("\n");
        match status {
            Some(status) => StartError::Ended { status, log },
            None => StartError::NoAddress { log },
        }
    }

    fn wait(&mut self, limit: Duration) -> Option<ExitStatus> {
        let end = Instant::now() + limit;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(5)),
                _ => return None,
            }
        }
    }
}

impl Drop for StartedProgram {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        }
        if self.wait(STOP_LIMIT).is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Returns the filter of the log, with the lines that say how events ended.
fn log_filter(own: Option<String>) -> String {
    let own = own.filter(|own| !own.trim().is_empty());
    format!("{},centrifugo::event=debug", own.as_deref().unwrap_or("info"))
}

/// Finds the address in the text that a program prints when it listens.
fn find_address(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("centrifugo: gRPC on ")?;
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\\');
    let address = rest.split(is_end).next()?;
    // A program that listens on all addresses is reached on this one.
    Some(
        address
            .replace("0.0.0.0:", "127.0.0.1:")
            .replace("[::]:", "[::1]:"),
    )
}

/// Why a program was not started.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The program cannot be run.
    Run(std::io::Error),
    /// The program has ended.
    Ended {
        /// How.
        status: ExitStatus,
        /// What it printed last.
        log: String,
    },
    /// The program runs, and has not said that it listens.
    NoAddress {
        /// What it printed last.
        log: String,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run(error) => write!(f, "the program cannot be run: {error}"),
            Self::Ended { status, log } => write!(
                f,
                "the program ended ({status}) before it listened for events\n\n{log}"
            ),
            Self::NoAddress { log } => write!(
                f,
                "the program did not say within {} s that it listens for gRPC calls; if it does not call `centrifugo::serve()`, or has a \
                 log of its own that leaves out the level `info`, start it yourself and give its address with `--address`\n\n{log}",
                START_LIMIT.as_secs()
            ),
        }
    }
}

impl std::error::Error for StartError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_address_in_any_log() {
        for text in [
            "centrifugo: gRPC on 127.0.0.1:7",
            "centrifugo: gRPC on 127.0.0.1:7, TLS\ncentrifugo: 1 handlers",
            "INFO centrifugo: centrifugo: gRPC on 0.0.0.0:7\\ncentrifugo: 1",
        ] {
            assert_eq!(find_address(text).as_deref(), Some("127.0.0.1:7"), "{text}");
        }
        assert_eq!(find_address("centrifugo: HTTP on 127.0.0.1:7"), None);
    }

    #[test]
    fn adds_outcomes_to_the_filter() {
        assert_eq!(log_filter(None), "info,centrifugo::event=debug");
        assert_eq!(log_filter(Some("warn".into())), "warn,centrifugo::event=debug");
    }
}
