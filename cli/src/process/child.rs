//! A program behind a guard.

use std::io;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::OwnedWriteHalf;
use tokio::sync::watch;

use super::{Exit, GuardLines};

/// A signal for a program.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Signal {
    /// SIGHUP.
    HangUp,
    /// SIGTERM.
    Terminate,
}

/// A running program. It is killed with all processes of its group when this is dropped.
pub(crate) struct Child {
    pid: u32,
    control: OwnedWriteHalf,
    exit: watch::Receiver<Option<Exit>>,
}

/// What a program prints.
pub(crate) struct Output {
    pub(crate) stdout: Box<dyn AsyncRead + Send + Unpin>,
    pub(crate) stderr: Box<dyn AsyncRead + Send + Unpin>,
}

impl Child {
    /// Starts a command that [`command`](super::command) has made.
    pub(crate) async fn start(command: Command, control: StdUnixStream) -> io::Result<(Self, Output)> {
        let mut command = tokio::process::Command::from(command);
        let mut guard = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        drop(command);
        let (Some(stdout), Some(stderr)) = (guard.stdout.take(), guard.stderr.take()) else {
            return Err(io::Error::other("the output is missing"));
        };
        control.set_nonblocking(true)?;
        let (read, control) = UnixStream::from_std(control)?.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut said = GuardLines::default();
        if let Some(line) = lines.next_line().await? {
            said.read(&line);
        }
        let Some(pid) = said.pid() else {
            let _ = guard.wait().await;
            return Err(io::Error::other(said.end().to_string()));
        };
        let (sender, exit) = watch::channel(None);
        tokio::spawn(async move {
            if let Ok(Some(line)) = lines.next_line().await {
                said.read(&line);
            }
            let exit = said.end();
            let _ = guard.wait().await;
            sender.send_replace(Some(exit));
        });
        let output = Output {
            stdout: Box::new(stdout),
            stderr: Box::new(stderr),
        };
        Ok((Self { pid, control, exit }, output))
    }

    /// Returns the process id of the program.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// Returns a future that ends with the program.
    pub(crate) fn exited(&self) -> impl Future<Output = Exit> + Send + use<> {
        let mut exit = self.exit.clone();
        async move {
            match exit.wait_for(Option::is_some).await {
                Ok(exit) => exit.clone().unwrap_or(Exit::Unknown),
                Err(_) => Exit::Unknown,
            }
        }
    }

    /// Returns how the program ended, or `None` while it is running.
    pub(crate) fn exit(&self) -> Option<Exit> {
        self.exit.borrow().clone()
    }

    /// Returns whether the program is running.
    pub(crate) fn is_running(&self) -> bool {
        self.exit.borrow().is_none()
    }

    /// Sends a signal to the program.
    pub(crate) async fn signal(&mut self, signal: Signal) {
        let line: &[u8] = match signal {
            Signal::HangUp => b"hang up\n",
            Signal::Terminate => b"terminate\n",
        };
        // An error means that the program has ended.
        let _ = self.control.write_all(line).await;
    }

    /// Sends SIGTERM, and kills the program if it does not end within this time.
    pub(crate) async fn stop(mut self, limit: Duration) -> Option<Exit> {
        self.signal(Signal::Terminate).await;
        let exited = self.exited();
        match tokio::time::timeout(limit, exited).await {
            Ok(exit) => Some(exit),
            Err(_) => {
                let exited = self.exited();
                drop(self);
                exited.await;
                None
            }
        }
    }
}
