//! Opens the relay: RoadRunner's byte stream over pipes, TCP or a Unix socket.

use std::fs::File;
use std::net::TcpStream;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::str::FromStr;

use super::frame_reader::FdSource;

/// The capacity of each pipe in bytes. With the default of 64 KiB, a larger frame would need several context switches. The
/// kernel may allow less.
const PIPE_SIZE: usize = 1024 * 1024;

/// The value of `RR_RELAY`.
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
                "RR_RELAY is `{text}`, but must be `pipes`, `tcp://host:port` or `unix://path`"
            )),
        }
    }
}

impl Relay {
    /// Opens the relay. Returns one descriptor to read, one to write, and one to detect that RoadRunner has closed it.
    ///
    /// The pipes are the process's standard input and output. This function replaces both: afterwards, `println!` in a
    /// handler writes to standard error, and reading standard input returns end of file.
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
    // This fails over the user's quota, and for descriptors that are not pipes. The current capacity works too.
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
    fn parses_each_kind_of_relay() {
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
