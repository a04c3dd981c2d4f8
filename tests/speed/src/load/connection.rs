//! One connection of a load generator.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Instant;

use super::Protocol;

const BUFFER: usize = 256 * 1024;

pub(super) struct Connection {
    stream: TcpStream,
    protocol: Box<dyn Protocol>,
    /// The target number of concurrent calls, and the current number.
    share: usize,
    under_way: usize,
    input: Vec<u8>,
    /// The number of received bytes in the buffer that are not read yet.
    have: usize,
    output: Vec<u8>,
}

impl Connection {
    pub(super) fn open(
        address: SocketAddr,
        share: usize,
        mut protocol: Box<dyn Protocol>,
    ) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let mut output = Vec::new();
        protocol.open(&mut output);
        Ok(Self {
            stream,
            protocol,
            share,
            under_way: 0,
            input: vec![0; BUFFER],
            have: 0,
            output,
        })
    }

    pub(super) fn is_busy(&self) -> bool {
        self.under_way > 0
    }

    /// Starts calls up to the target number.
    pub(super) fn fill(&mut self, now: Instant) -> io::Result<()> {
        while self.under_way < self.share && self.protocol.call(now, &mut self.output) {
            self.under_way += 1;
        }
        self.flush()
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        let mut written = 0;
        while written < self.output.len() {
            match self.stream.write(&self.output[written..]) {
                Ok(more) => written += more,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        self.output.drain(..written);
        Ok(())
    }

    /// Reads all available bytes.
    pub(super) fn read(&mut self, begun: &mut Vec<Instant>) -> io::Result<()> {
        loop {
            let room = self.input.len() - self.have;
            let more = match self.stream.read(&mut self.input[self.have..]) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(more) => more,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            };
            self.have += more;
            let before = begun.len();
            let read = self
                .protocol
                .read(&self.input[..self.have], &mut self.output, begun)?;
            self.under_way -= begun.len() - before;
            self.input.copy_within(read..self.have, 0);
            self.have -= read;
            if self.have == self.input.len() {
                return Err(io::Error::other("an answer is longer than the buffer"));
            }
            if more < room {
                return Ok(());
            }
        }
    }
}

impl AsFd for Connection {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}
