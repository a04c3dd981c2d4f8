//! The process of Centrifugo.

use std::collections::VecDeque;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpStream;

use super::NodeEnvironment;
use crate::dev::terminal::Terminal;
use crate::process::{self, Child, Exit, Signal, read_lines};

/// How long Centrifugo may take until it listens.
const START_TIMEOUT: Duration = Duration::from_secs(20);
const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// How long Centrifugo may take to end. It waits for its connections.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
const MAX_LINE_LEN: usize = 16 << 10;
const MAX_LAST_LINES: usize = 20;

/// A running Centrifugo.
pub(crate) struct Node {
    child: Child,
    last_lines: Arc<Mutex<VecDeque<String>>>,
}

impl Node {
    /// Starts Centrifugo, and waits until it accepts clients.
    pub(crate) async fn start(
        executable: &Path,
        file: &Path,
        environment: &NodeEnvironment,
        port: u16,
        terminal: &Terminal,
    ) -> io::Result<Self> {
        let (mut command, control) = process::command(executable.as_os_str())?;
        command.arg("--config").arg(file);
        environment.apply(&mut command);
        let (child, output) = Child::start(command, control).await?;
        let last_lines = Arc::<Mutex<VecDeque<String>>>::default();
        for output in [output.stdout, output.stderr] {
            let (last_lines, terminal) = (Arc::clone(&last_lines), terminal.clone());
            tokio::spawn(async move {
                let on_line = |line: &str| {
                    if !is_information(line) {
                        terminal.passed_on("centrifugo", line);
                    }
                    let mut lines = last_lines.lock().unwrap_or_else(PoisonError::into_inner);
                    if lines.len() == MAX_LAST_LINES {
                        lines.pop_front();
                    }
                    lines.push_back(line.to_owned());
                };
                // An error is the end of the output, too.
                let _ = read_lines(output, MAX_LINE_LEN, on_line).await;
            });
        }
        let node = Self { child, last_lines };
        let listens = async {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
                tokio::time::sleep(POLL_INTERVAL).await;
            }
        };
        tokio::select! {
            exit = node.child.exited() => return Err(node.problem(&exit).await),
            result = terminal.progress("waiting until Centrifugo listens", tokio::time::timeout(START_TIMEOUT, listens)) => {
                if result.is_err() {
                    return Err(io::Error::other(format!("Centrifugo does not listen on port {port}")));
                }
            }
        }
        // Another process may have the port: Centrifugo ends then.
        let exited = tokio::time::timeout(Duration::from_millis(50), node.child.exited()).await;
        match exited {
            Ok(exit) => Err(node.problem(&exit).await),
            Err(_) => Ok(node),
        }
    }

    async fn problem(&self, exit: &Exit) -> io::Error {
        // The last lines may still be on their way.
        tokio::time::sleep(Duration::from_millis(50)).await;
        io::Error::other(self.explain(exit))
    }

    /// Returns why Centrifugo has ended.
    pub(crate) fn explain(&self, exit: &Exit) -> String {
        let lines = self.last_lines.lock().unwrap_or_else(PoisonError::into_inner);
        let last = lines.iter().rev().find(|line| !is_information(line));
        let why = last.map_or_else(String::new, |line| format!(": {}", message(line)));
        format!("Centrifugo ended with {exit}{why}")
    }

    /// Returns a future that ends with Centrifugo.
    pub(crate) fn exited(&self) -> impl Future<Output = Exit> + Send + use<> {
        self.child.exited()
    }

    /// Returns how Centrifugo ended, or `None` while it is running.
    pub(crate) fn exit(&self) -> Option<Exit> {
        self.child.exit()
    }

    /// Makes Centrifugo read its configuration again. Clients stay connected.
    pub(crate) async fn reload(&mut self) {
        self.child.signal(Signal::HangUp).await;
    }

    /// Stops Centrifugo.
    pub(crate) async fn stop(self) {
        self.child.stop(STOP_TIMEOUT).await;
    }
}

/// Whether a line of Centrifugo's log is of no interest.
fn is_information(line: &str) -> bool {
    let level = serde_json::from_str::<Value>(line)
        .ok()
        .and_then(|line| line.get("level")?.as_str().map(str::to_owned));
    match level {
        Some(level) => matches!(level.as_str(), "debug" | "info" | "trace"),
        None => [" [INF] ", " INF ", "[INFO]"]
            .iter()
            .any(|mark| line.contains(mark)),
    }
}

/// Returns the message of a line, with its error.
fn message(line: &str) -> String {
    let Ok(line) = serde_json::from_str::<Value>(line) else {
        return line.to_owned();
    };
    let parts = [line.get("message"), line.get("error")];
    let texts: Vec<_> = parts.into_iter().flatten().filter_map(Value::as_str).collect();
    texts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_of_the_log() {
        let line = r#"{"level":"fatal","error":"unknown option","message":"error validating config"}"#;
        assert!(!is_information(line));
        assert_eq!(message(line), "error validating config: unknown option");
        assert!(is_information(r#"{"level":"info","message":"serving"}"#));
        assert_eq!(message("plain"), "plain");
    }
}
