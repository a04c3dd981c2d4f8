//! Child processes that end with this program.

use std::fs::File;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::task::Poll;
use std::time::Duration;

use centrifugo::BoxError;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStderr, Command};
use tokio::time::{sleep, timeout};

/// How long a process may take to listen on its address.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How long a process may take to end.
const STOP_LIMIT: Duration = Duration::from_secs(9);

/// The running processes, in the order of their start. They are killed on drop.
pub struct Children {
    /// Where the output of the processes goes.
    folder: PathBuf,
    running: Vec<(&'static str, Child)>,
}

impl Children {
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            running: Vec::new(),
        }
    }

    /// Starts a process whose output goes to a file, and waits until it listens.
    ///
    /// Call this on the main thread, for the reason in [`parent_death_signal::command`](crate::parent_death_signal::command).
    pub async fn start(
        &mut self,
        name: &'static str,
        mut command: Command,
        address: SocketAddr,
    ) -> Result<(), BoxError> {
        let output = File::create(self.folder.join(format!("{name}.log")))?;
        command.stdout(output.try_clone()?).stderr(output);
        self.start_with_output(name, command, address).await
    }

    /// Starts a process whose output goes where the command says, and waits until it listens.
    pub async fn start_with_output(
        &mut self,
        name: &'static str,
        mut command: Command,
        address: SocketAddr,
    ) -> Result<(), BoxError> {
        let mut child = command
            .stdin(Stdio::null())
            // In a process group of its own, so that Ctrl-C reaches this program only.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{name} does not start: {error}"))?;
        if let Some(output) = child.stderr.take() {
            tokio::spawn(discard_slowly(output));
        }
        self.running.push((name, child));
        let listens = timeout(START_LIMIT, async {
            while TcpStream::connect(address).await.is_err() {
                sleep(Duration::from_millis(20)).await;
            }
        });
        tokio::select! {
            ended = self.ended() => ended,
            listens = listens => listens.map_err(|_| self.error(name, &format!("does not listen on {address}"))),
        }
    }

    /// Waits until one of the processes ends, which is an error.
    pub async fn ended(&mut self) -> Result<(), BoxError> {
        let (name, status) = poll_fn(|context| {
            for (name, child) in &mut self.running {
                if let Poll::Ready(status) = pin!(child.wait()).poll(context) {
                    return Poll::Ready((*name, status));
                }
            }
            Poll::Pending
        })
        .await;
        Err(self.error(name, &format!("ended: {}", text(status))))
    }

    /// Returns an error with the last lines of the process's output.
    fn error(&self, name: &str, what: &str) -> BoxError {
        let log = std::fs::read_to_string(self.folder.join(format!("{name}.log"))).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        let last = lines[lines.len().saturating_sub(10)..].join("\n");
        format!("{name} {what}\n{last}").trim_end().into()
    }

    /// Stops all processes, the newest first, and waits for their ends.
    pub async fn stop(mut self) {
        while let Some((_, mut child)) = self.running.pop() {
            let id = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
            if let Some(id) = id {
                let _ = kill_process(id, Signal::TERM);
            }
            if timeout(STOP_LIMIT, child.wait()).await.is_err() {
                let _ = child.kill().await;
            }
        }
    }
}

/// Reads about 1 MB per second, so that a process that logs more drops lines of its log.
async fn discard_slowly(mut output: ChildStderr) {
    let mut buffer = vec![0; 64 * 1024];
    while output.read(&mut buffer).await.is_ok_and(|len| len > 0) {
        sleep(Duration::from_millis(60)).await;
    }
}

fn text(status: io::Result<ExitStatus>) -> String {
    status.map_or_else(|error| error.to_string(), |status| status.to_string())
}

/// Finds a program on PATH.
pub fn find_on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}
