//! RoadRunner's byte streams: pipes, tcp, unix.

use std::fs::File;
use std::net::TcpStream;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::str::FromStr;

use super::frame_reader::FdSource;

/// Room in each pipe, so that 64 KiB of data need no second turn. The system may allow less.
const PIPE_SIZE: usize = 1024 * 1024;

/// What `RR_RELAY` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Relay {
    Pipes,
    Tcp(String),
    Unix(String),
}

impl FromStr for Relay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "pipes" {
            return Ok(Self::Pipes);
        }
        match text.split_once("://") {
            // As in Go, an empty host is this machine.
            Some(("tcp", address)) if address.starts_with(':') => {
                Ok(Self::Tcp(format!("localhost{address}")))
            }
            Some(("tcp", address)) if !address.is_empty() => Ok(Self::Tcp(address.to_owned())),
            Some(("unix", path)) if !path.is_empty() => Ok(Self::Unix(path.to_owned())),
            _ => Err(format!(
                "RR_RELAY is `{text}`, not `pipes`, `tcp://host:port` or `unix://path`"
            )),
        }
    }
}

impl Relay {
    /// Opens the stream: for reading, for writing, and to watch its end.
    ///
    /// Pipes are standard input and output: they are set aside, so that what handlers print goes to standard error and
    /// what reads standard input finds nothing.
    pub(crate) fn open(&self) -> std::io::Result<(FdSource, File, OwnedFd)> {
        let (input, output): (OwnedFd, OwnedFd) = match self {
            Self::Pipes => {
                let input = rustix::io::fcntl_dupfd_cloexec(std::io::stdin(), 3)?;
                let output = rustix::io::fcntl_dupfd_cloexec(std::io::stdout(), 3)?;
                rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
                rustix::stdio::dup2_stdout(std::io::stderr())?;
                grow(&input);
                grow(&output);
                (input, output)
            }
            Self::Tcp(address) => {
                let stream = TcpStream::connect(address)?;
                stream.set_nodelay(true)?;
                (stream.try_clone()?.into(), stream.into())
            }
            Self::Unix(path) => {
                let stream = UnixStream::connect(path)?;
                (stream.try_clone()?.into(), stream.into())
            }
        };
        let watched = input.try_clone()?;
        Ok((FdSource(input), File::from(output), watched))
    }
}

#[cfg(target_os = "linux")]
fn grow(pipe: impl AsFd) {
    // Past the user's quota, or not a pipe at all: the size that it has will do.
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, PIPE_SIZE);
}

#[cfg(not(target_os = "linux"))]
fn grow(_: impl AsFd) {
    let _ = PIPE_SIZE;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relays() {
        assert_eq!("pipes".parse(), Ok(Relay::Pipes));
        assert_eq!(
            "tcp://127.0.0.1:7000".parse(),
            Ok(Relay::Tcp("127.0.0.1:7000".into()))
        );
        assert_eq!("tcp://:7000".parse(), Ok(Relay::Tcp("localhost:7000".into())));
        assert_eq!(
            "unix:///run/rr.sock".parse(),
            Ok(Relay::Unix("/run/rr.sock".into()))
        );
        for wrong in ["", "pipe", "tcp://", "http://x", "unix:"] {
            assert!(wrong.parse::<Relay>().is_err(), "{wrong}");
        }
    }
}
