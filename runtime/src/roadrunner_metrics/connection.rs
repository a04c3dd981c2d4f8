//! A connection to RoadRunner's RPC that blocks the reporter's thread.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use super::stop_request::StopRequest;
use crate::goridge::{Answer, Decoder, RpcAddress, frame, net_rpc};

/// How often a blocked read or write looks whether the reporter has to end.
const CHECK_INTERVAL: Duration = Duration::from_millis(20);
/// The most bytes of an answer, which is `true` or the text of an error.
const MAX_ANSWER_LEN: usize = 64 * 1024;

/// A call of the plugin: the method, and its argument as JSON.
pub(super) type Call = (&'static str, Vec<u8>);
/// The text of RoadRunner's error, if the call failed.
pub(super) type CallResult = Result<(), String>;

/// The answers to calls that were sent together.
pub(super) struct Exchange {
    /// The results in the order of the calls. `None` if the call was not answered.
    pub(super) results: Vec<Option<CallResult>>,
    /// The error that broke the connection. Calls without a result may or may not have been carried out.
    pub(super) end: io::Result<()>,
}

pub(super) struct Connection {
    stream: Box<dyn Stream>,
    decoder: Decoder,
    next_seq: u32,
}

trait Stream: Read + Write + Send {}

impl Stream for TcpStream {}
impl Stream for UnixStream {}

impl Connection {
    /// Opens a connection. `limit` is how long the connection to one TCP address may take.
    pub(super) fn open(address: &RpcAddress, limit: Duration) -> io::Result<Self> {
        let stream: Box<dyn Stream> = match address {
            RpcAddress::Tcp(address) => {
                let stream = connect(address, limit)?;
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

    /// Sends calls together, and returns their results. Waits for them until the reporter has to end.
    pub(super) fn exchange(&mut self, calls: &[Call], stop: &StopRequest) -> Exchange {
        let first = self.next_seq;
        let mut results = vec![None; calls.len()];
        let sent = self.send(calls, stop);
        // RoadRunner may have answered some of the calls before a write failed.
        let read = self.read_answers(first, &mut results, sent.is_ok(), stop);
        Exchange {
            results,
            end: sent.and(read),
        }
    }

    fn send(&mut self, calls: &[Call], stop: &StopRequest) -> io::Result<()> {
        let mut bytes = Vec::new();
        for (method, argument) in calls {
            net_rpc::encode(frame::JSON, self.next_seq, method, argument, &mut bytes)
                .map_err(io::Error::other)?;
            self.next_seq = self.next_seq.wrapping_add(1);
        }
        self.write(&bytes, stop)
    }

    /// Reads the answers to calls. With `waits`, a timeout is no error as long as the reporter need not end.
    fn read_answers(
        &mut self,
        first: u32,
        results: &mut [Option<CallResult>],
        waits: bool,
        stop: &StopRequest,
    ) -> io::Result<()> {
        let mut missing = results.len();
        while missing > 0 {
            let Some(answer) = self.decoder.next().map_err(io::Error::other)? else {
                match self.read() {
                    Err(error) if waits => check(error, stop)?,
                    read => read?,
                }
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
        Ok(())
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

    fn read(&mut self) -> io::Result<()> {
        let mut bytes = [0; 4096];
        let len = self.stream.read(&mut bytes)?;
        if len == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let read = bytes.get(..len).unwrap_or_default();
        self.decoder.buf().extend_from_slice(read);
        Ok(())
    }
}

/// Connects to the first address of a host that accepts.
fn connect(address: &str, limit: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::other("the host has no address");
    for address in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, limit) {
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
