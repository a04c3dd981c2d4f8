//! A connection to RoadRunner's RPC that blocks the reporter's thread.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use super::stop_request::StopRequest;
use crate::goridge::{Answer, Decoder, RpcAddress, frame, net_rpc};

/// How long opening a connection may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);
/// How often a blocked read or write looks whether the reporter has to end.
const CHECK_INTERVAL: Duration = Duration::from_millis(20);
/// The most bytes of an answer, which is `true` or the text of an error.
const MAX_ANSWER_LEN: usize = 64 * 1024;

/// A call of the plugin: the method, and its argument as JSON.
pub(super) type Call = (&'static str, Vec<u8>);
/// The text of RoadRunner's error, if the call failed.
pub(super) type CallResult = Result<(), String>;

pub(super) struct Connection {
    stream: Box<dyn Stream>,
    decoder: Decoder,
    next_seq: u32,
}

trait Stream: Read + Write + Send {}

impl Stream for TcpStream {}
impl Stream for UnixStream {}

impl Connection {
    pub(super) fn open(address: &RpcAddress) -> io::Result<Self> {
        let stream: Box<dyn Stream> = match address {
            RpcAddress::Tcp(address) => {
                let stream = connect(address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(CHECK_INTERVAL))?;
                stream.set_write_timeout(Some(CHECK_INTERVAL))?;
                Box::new(stream)
            }
            RpcAddress::Unix(path) => {
                let stream = UnixStream::connect(path)?;
                stream.set_read_timeout(Some(CHECK_INTERVAL))?;
                stream.set_write_timeout(Some(CHECK_INTERVAL))?;
                Box::new(stream)
            }
        };
        Ok(Self {
            stream,
            decoder: Decoder::new(MAX_ANSWER_LEN),
            next_seq: 0,
        })
    }

    /// Sends calls together, and returns their results in the same order. Waits for them until the reporter has to end.
    ///
    /// # Errors
    ///
    /// The connection is lost. Calls without an answer may or may not have been carried out.
    pub(super) fn exchange(&mut self, calls: &[Call], stop: &StopRequest) -> io::Result<Vec<CallResult>> {
        let first = self.next_seq;
        let mut bytes = Vec::new();
        for (method, argument) in calls {
            net_rpc::encode(frame::JSON, self.next_seq, method, argument, &mut bytes)
                .map_err(io::Error::other)?;
            self.next_seq = self.next_seq.wrapping_add(1);
        }
        self.write(&bytes, stop)?;
        let mut results: Vec<Option<CallResult>> = vec![None; calls.len()];
        let mut missing = calls.len();
        while missing > 0 {
            let Some(answer) = self.decoder.next().map_err(io::Error::other)? else {
                self.read(stop)?;
                continue;
            };
            // RoadRunner answers in any order.
            let index = answer.seq().wrapping_sub(first) as usize;
            match results.get_mut(index) {
                Some(result @ None) => *result = Some(result_of(answer)),
                _ => return Err(io::Error::other("an answer belongs to no call")),
            }
            missing -= 1;
        }
        Ok(results.into_iter().flatten().collect())
    }

    fn write(&mut self, mut bytes: &[u8], stop: &StopRequest) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.stream.write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(len) => bytes = bytes.get(len..).unwrap_or_default(),
                Err(error) => check(error, stop)?,
            }
        }
        Ok(())
    }

    fn read(&mut self, stop: &StopRequest) -> io::Result<()> {
        let mut bytes = [0; 4096];
        match self.stream.read(&mut bytes) {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(len) => {
                let read = bytes.get(..len).unwrap_or_default();
                self.decoder.buf().extend_from_slice(read);
                Ok(())
            }
            Err(error) => check(error, stop),
        }
    }
}

/// Connects to the first address of a host that accepts.
fn connect(address: &str) -> io::Result<TcpStream> {
    let mut last = io::Error::other("the host has no address");
    for address in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_LIMIT) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Ignores a timeout, as long as the reporter need not end.
fn check(error: io::Error, stop: &StopRequest) -> io::Result<()> {
    match error.kind() {
        ErrorKind::Interrupted => Ok(()),
        ErrorKind::WouldBlock | ErrorKind::TimedOut if !stop.is_overdue() => Ok(()),
        _ => Err(error),
    }
}

fn result_of(answer: Answer) -> CallResult {
    match answer {
        Answer::Response { .. } => Ok(()),
        Answer::Failure { message, .. } => Err(String::from_utf8_lossy(&message).into_owned()),
        Answer::TooLarge { .. } => Err("an answer that is too long".into()),
    }
}
