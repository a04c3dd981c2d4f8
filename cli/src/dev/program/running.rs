//! A running program.

use std::collections::VecDeque;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::Environment;
use crate::dev::events::find_place;
use crate::dev::ports;
use crate::dev::proxy::{Backend, Observer};
use crate::dev::state::Problem;
use crate::invoke::LogLine;
use crate::process::{self, Child, Exit, read_lines};

/// How long a program may take until it listens.
const START_TIMEOUT: Duration = Duration::from_secs(30);
/// How often it is asked.
const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// How long events in hand may keep an old program from being stopped.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a program may take to end. The crate `centrifugo` takes at most 8 s.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest part of a line that is kept, in bytes.
const MAX_LINE_LEN: usize = 16 << 10;
/// Lines that are kept to explain why a program does not start.
const MAX_LAST_LINES: usize = 200;

/// A program that is ready for events.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) backend: Arc<Backend>,
    pub(crate) address: SocketAddr,
    pub(crate) executable: PathBuf,
    pub(crate) started: SystemTime,
}

impl Running {
    /// Starts a program on a free port, and waits until it is ready.
    pub(crate) async fn start(
        executable: &Path,
        environment: &Environment,
        observer: &Observer,
    ) -> Result<Self, StartError> {
        let address = ports::free_for_program().map_err(StartError::Run)?;
        let (mut command, control) = process::command(executable.as_os_str()).map_err(StartError::Run)?;
        environment.apply(&mut command, address);
        let (child, output) = Child::start(command, control).await.map_err(StartError::Run)?;
        let last_lines = Arc::<Mutex<VecDeque<String>>>::default();
        let readers = [output.stdout, output.stderr].map(|output| {
            let (observer, last_lines) = (observer.clone(), Arc::clone(&last_lines));
            tokio::spawn(async move {
                let on_line = |line: &str| {
                    observer.log(line);
                    let mut lines = last_lines.lock().unwrap_or_else(PoisonError::into_inner);
                    if lines.len() == MAX_LAST_LINES {
                        lines.pop_front();
                    }
                    lines.push_back(line.to_owned());
                };
                // An error is the end of the output, too.
                let _ = read_lines(output, MAX_LINE_LEN, on_line).await;
            })
        });
        let exit = tokio::select! {
            exit = child.exited() => exit,
            backend = ready(address) => {
                let backend = backend.ok_or(StartError::TimeLimit(address))?;
                // Another process may have taken the port at the same moment. The program has ended then.
                if child.is_running() {
                    return Ok(Self {
                        child,
                        backend: Arc::new(backend),
                        address,
                        executable: executable.to_owned(),
                        started: SystemTime::now(),
                    });
                }
                child.exited().await
            }
        };
        // The rest of the output, unless another process still holds it.
        let _ = tokio::time::timeout(Duration::from_secs(1), async {
            for reader in readers {
                let _ = reader.await;
            }
        })
        .await;
        let lines = last_lines.lock().unwrap_or_else(PoisonError::into_inner);
        Err(StartError::Exited(exit, lines.iter().cloned().collect()))
    }

    /// Lets the program answer the events in hand, and stops it. No new events may come.
    pub(crate) async fn drain(self) {
        let _ = tokio::time::timeout(IDLE_TIMEOUT, self.backend.idle()).await;
        self.stop().await;
    }

    /// Stops the program. It answers the events in hand by itself.
    pub(crate) async fn stop(self) {
        self.child.stop(STOP_TIMEOUT).await;
    }
}

/// Waits until a program answers the health service. Returns `None` at the time limit.
async fn ready(address: SocketAddr) -> Option<Backend> {
    let attempts = async {
        loop {
            if let Some(backend) = Backend::connect(address).await {
                return backend;
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    };
    tokio::time::timeout(START_TIMEOUT, attempts).await.ok()
}

/// Why a program does not run.
#[derive(Debug)]
pub(crate) enum StartError {
    /// The program cannot be run.
    Run(std::io::Error),
    /// The program ended before it was ready. These are the last lines that it printed.
    Exited(Exit, Vec<String>),
    /// The program does not listen.
    TimeLimit(SocketAddr),
}

impl StartError {
    /// Returns the problems for the console.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        if let Self::Exited(_, lines) = self {
            let problems = problems_of_lines(lines);
            if !problems.is_empty() {
                return problems;
            }
        }
        vec![Problem {
            message: self.to_string(),
            place: None,
        }]
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run(error) => write!(f, "the program cannot be run: {error}"),
            Self::Exited(exit, _) => write!(f, "the program ended with {exit} before it was ready"),
            Self::TimeLimit(address) => write!(
                f,
                "the program does not answer the gRPC health service at {address} (WORKER_LISTEN) within {} s; call \
                 `centrifugo::serve()` in `main`, with the feature `grpc`",
                START_TIMEOUT.as_secs()
            ),
        }
    }
}

/// Returns the lines that say why a program has failed: each line with a place in the source, otherwise the errors.
pub(crate) fn problems_of_lines(lines: &[String]) -> Vec<Problem> {
    let lines: Vec<_> = lines.iter().map(|line| LogLine::parse(line)).collect();
    let problem = |line: &LogLine| Problem {
        message: line.text.trim().to_owned(),
        place: find_place(&line.text).map(str::to_owned),
    };
    let is_relevant = |line: &&LogLine| line.is_output() || matches!(line.level.as_str(), "error" | "warn");
    let with_places: Vec<_> = lines
        .iter()
        .filter(is_relevant)
        .map(problem)
        .filter(|problem| problem.place.is_some())
        .collect();
    if !with_places.is_empty() {
        return with_places;
    }
    lines
        .iter()
        .filter(|line| line.level == "error" || line.text.to_lowercase().starts_with("error"))
        .map(problem)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_problems_of_a_start() {
        let lines = [
            "centrifugo: starting",
            r#"{"level":"INFO","message":"listening src/x.rs:1"}"#,
            "  two handlers for `a` at src/main.rs:3 and src/main.rs:9",
            "  no state `Db` for `get` at src/b.rs:7",
        ]
        .map(str::to_owned);
        let places: Vec<_> = problems_of_lines(&lines)
            .into_iter()
            .filter_map(|problem| problem.place)
            .collect();
        assert_eq!(places, ["src/main.rs:3", "src/b.rs:7"]);
        let lines = ["hello".to_owned(), "Error: the port is in use".to_owned()];
        assert_eq!(problems_of_lines(&lines)[0].message, "Error: the port is in use");
        assert!(problems_of_lines(&[]).is_empty());
    }
}
