//! A program that a command starts for itself.

use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::ProgramEnvironment;
use super::program_log::ProgramLog;
use crate::centrifugo::reachable;
use crate::process::{self, Child, Exit};

/// How long a program may take until it listens.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How long a program may take to end. The crate `centrifugo` takes at most 8 s.
const STOP_LIMIT: Duration = Duration::from_secs(10);
/// How many lines of the log an error has.
const LINES_IN_ERRORS: usize = 40;

/// A running program. Dropping it kills the program.
pub(crate) struct StartedProgram {
    child: Child,
    address: String,
    log: ProgramLog,
}

impl StartedProgram {
    /// Starts a program on a free port, and waits until it listens.
    ///
    /// # Errors
    ///
    /// Returns an error if the program cannot be run, ends, or does not listen within 30 s.
    pub(crate) async fn start(
        executable: &Path,
        environment: &ProgramEnvironment,
    ) -> Result<Self, StartError> {
        let (mut command, control) = process::command(executable.as_os_str()).map_err(StartError::Run)?;
        environment.apply(&mut command);
        let (child, output) = Child::start(command, control).await.map_err(StartError::Run)?;
        let log = ProgramLog::default();
        log.read(output.stdout);
        log.read(output.stderr);
        let address = log.wait_for(0, START_LIMIT, |line| find_address(&line.text));
        match address.await {
            Some(address) => Ok(Self { child, address, log }),
            None => Err(start_error(&child, &log).await),
        }
    }

    /// Returns the address of the gRPC endpoint.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Returns the log.
    pub(crate) fn log(&self) -> &ProgramLog {
        &self.log
    }

    /// Returns a future that ends with the program.
    pub(crate) fn exited(&self) -> impl Future<Output = Exit> + Send + use<> {
        self.child.exited()
    }

    /// Stops the program. It answers the events in hand first.
    pub(crate) async fn stop(self) {
        self.child.stop(STOP_LIMIT).await;
    }
}

async fn start_error(child: &Child, log: &ProgramLog) -> StartError {
    let exit = tokio::time::timeout(Duration::from_millis(500), child.exited()).await;
    let lines = log.since(0);
    let skipped = lines.len().saturating_sub(LINES_IN_ERRORS);
    let lines = lines.into_iter().skip(skipped).map(|line| line.text);
    let log = lines.collect::<Vec<_>>().join("\n");
    match exit {
        Ok(exit) => StartError::Ended { exit, log },
        Err(_) => StartError::NoAddress { log },
    }
}

/// Finds the address in the text that a program prints when it listens.
fn find_address(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("centrifugo: gRPC on ")?;
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\\');
    rest.split(is_end).next().map(reachable)
}

/// Why a program was not started.
#[derive(Debug)]
pub(crate) enum StartError {
    /// The program cannot be run.
    Run(io::Error),
    /// The program has ended.
    Ended {
        exit: Exit,
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
            Self::Ended { exit, log } => write!(
                f,
                "the program ended with {exit} before it listened for events\n\n{log}"
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
}
