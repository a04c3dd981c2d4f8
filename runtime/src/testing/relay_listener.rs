//! Starts a worker process and accepts its relay connection.

use std::io::{self, ErrorKind, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::host_error::HostError;
use super::pipes::{Pipes, RelayKind};
use super::process::Process;

/// Starts a worker and opens its relay. If that fails, the process is killed.
pub(super) fn open(
    relay: RelayKind,
    limit: Duration,
    command: &mut Command,
) -> Result<(Process, Pipes), HostError> {
    match relay {
        RelayKind::Pipes => over_pipes(command).map_err(HostError::Io),
        RelayKind::Tcp => over_tcp(limit, command),
        RelayKind::Unix => over_unix(limit, command),
    }
}

fn over_pipes(command: &mut Command) -> io::Result<(Process, Pipes)> {
    command
        .env("RR_RELAY", "pipes")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut process = Process::start(command)?;
    let (writer, reader) = process
        .pipes()
        .ok_or_else(|| io::Error::other("the worker has no pipes"))?;
    Ok((process, Pipes::new(Box::new(writer), Box::new(reader))))
}

fn over_tcp(limit: Duration, command: &mut Command) -> Result<(Process, Pipes), HostError> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(HostError::Io)?;
    listener.set_nonblocking(true).map_err(HostError::Io)?;
    let address = listener.local_addr().map_err(HostError::Io)?;
    let mut process = start(command, &format!("tcp://{address}"))?;
    let (stream, _) = connection(&mut process, limit, || listener.accept())?;
    let pipes = pipes(stream).map_err(HostError::Io)?;
    Ok((process, pipes))
}

fn over_unix(limit: Duration, command: &mut Command) -> Result<(Process, Pipes), HostError> {
    let name = format!("centrifugo-{}-{:?}.sock", std::process::id(), Instant::now());
    let name = name.replace([' ', '{', '}', ':', ','], "");
    let (listener, file) = SocketFile::bind(std::env::temp_dir().join(name)).map_err(HostError::Io)?;
    listener.set_nonblocking(true).map_err(HostError::Io)?;
    let mut process = start(command, &format!("unix://{}", file.path().display()))?;
    let (stream, _) = connection(&mut process, limit, || listener.accept())?;
    let pipes = pipes(stream).map_err(HostError::Io)?;
    Ok((process, pipes))
}

fn pipes<S: Socket>(stream: S) -> io::Result<Pipes> {
    stream.set_blocking()?;
    let writer = ShutdownOnDrop(stream.duplicate()?);
    Ok(Pipes::new(Box::new(writer), Box::new(stream)))
}

fn start(command: &mut Command, relay: &str) -> Result<Process, HostError> {
    command.env("RR_RELAY", relay).stdin(Stdio::null());
    Process::start(command).map_err(HostError::Io)
}

/// Waits for the worker's connection until the limit, or until the worker ends.
fn connection<S>(
    process: &mut Process,
    limit: Duration,
    accept: impl Fn() -> io::Result<S>,
) -> Result<S, HostError> {
    let end = Instant::now() + limit;
    loop {
        match accept() {
            Ok(stream) => return Ok(stream),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(HostError::Io(error)),
        }
        if let Some(status) = process.ended().map_err(HostError::Io)? {
            return Err(HostError::Ended(status));
        }
        if Instant::now() >= end {
            return Err(HostError::NoAnswer(limit));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The file of a socket. It is removed on drop.
struct SocketFile(PathBuf);

impl SocketFile {
    fn bind(path: PathBuf) -> io::Result<(UnixListener, Self)> {
        let listener = UnixListener::bind(&path)?;
        Ok((listener, Self(path)))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Shuts a socket down on drop. The reading half would otherwise keep it open.
struct ShutdownOnDrop<S: Socket>(S);

trait Socket: io::Read + Write + Send + Sized + 'static {
    fn duplicate(&self) -> io::Result<Self>;
    fn set_blocking(&self) -> io::Result<()>;
    fn shut_down(&self);
}

macro_rules! socket {
    ($stream:ty) => {
        impl Socket for $stream {
            fn duplicate(&self) -> io::Result<Self> {
                self.try_clone()
            }
            fn set_blocking(&self) -> io::Result<()> {
                self.set_nonblocking(false)
            }
            fn shut_down(&self) {
                let _ = self.shutdown(Shutdown::Both);
            }
        }
    };
}

socket!(TcpStream);
socket!(UnixStream);

impl<S: Socket> Write for ShutdownOnDrop<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<S: Socket> Drop for ShutdownOnDrop<S> {
    fn drop(&mut self) {
        self.0.shut_down();
    }
}
