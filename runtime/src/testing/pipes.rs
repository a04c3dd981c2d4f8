//! RoadRunner's side of a relay: sends and receives raw frames, with a time limit.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use super::host_error::HostError;
use super::received::Received;
use crate::goridge::{Header, frame};

/// The kind of relay between RoadRunner and a worker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RelayKind {
    /// Standard input and output.
    #[default]
    Pipes,
    /// A TCP connection.
    Tcp,
    /// A Unix socket.
    Unix,
}

pub(crate) struct Pipes {
    writer: Option<Box<dyn Write + Send>>,
    frames: Receiver<Received>,
}

impl Pipes {
    pub(crate) fn new(writer: Box<dyn Write + Send>, mut reader: Box<dyn Read + Send>) -> Self {
        let (send, frames) = channel();
        std::thread::spawn(move || {
            loop {
                let received = read(&mut reader);
                let last = matches!(received, Received::Closed | Received::Broken(_));
                if send.send(received).is_err() || last {
                    return;
                }
            }
        });
        Self {
            writer: Some(writer),
            frames,
        }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), HostError> {
        let writer = self.writer.as_mut().ok_or(HostError::HungUp)?;
        writer
            .write_all(bytes)
            .and_then(|()| writer.flush())
            .map_err(HostError::Io)
    }

    pub(crate) fn frame(&mut self, header: Header, payload: &[u8]) -> Result<(), HostError> {
        let mut bytes = Vec::with_capacity(header.len() + payload.len());
        header
            .encode(&mut bytes)
            .map_err(|error| HostError::Io(std::io::Error::other(error)))?;
        bytes.extend_from_slice(payload);
        self.write(&bytes)
    }

    pub(crate) fn receive(&self, limit: Duration) -> Result<Received, HostError> {
        match self.frames.recv_timeout(limit) {
            Ok(received) => Ok(received),
            Err(RecvTimeoutError::Timeout) => Err(HostError::NoAnswer(limit)),
            Err(RecvTimeoutError::Disconnected) => Ok(Received::Closed),
        }
    }

    pub(crate) fn hang_up(&mut self) {
        self.writer = None;
    }
}

/// Reads a frame in RoadRunner's order: twelve bytes, the options, the checksum, and the payload.
fn read(reader: &mut impl Read) -> Received {
    let mut bytes = vec![0; frame::FIXED_LEN];
    if reader.read_exact(&mut bytes).is_err() {
        return Received::Closed;
    }
    let words = usize::from(bytes[0] & 0x0f);
    if !(3..=13).contains(&words) {
        return Received::Broken(format!("a header of {words} words"));
    }
    bytes.resize(words * 4, 0);
    if reader.read_exact(&mut bytes[frame::FIXED_LEN..]).is_err() {
        return Received::Closed;
    }
    let header = match Header::parse(&bytes) {
        Ok(Some(header)) => header,
        Ok(None) => return Received::Broken("an incomplete header".into()),
        Err(error) => return Received::Broken(error.to_string()),
    };
    let mut payload = Vec::new();
    match reader.take(header.payload_len as u64).read_to_end(&mut payload) {
        Ok(len) if len == header.payload_len => {}
        _ => return Received::Closed,
    }
    interpret(header, payload)
}

fn interpret(header: Header, mut payload: Vec<u8>) -> Received {
    if header.flags & frame::ERROR != 0 {
        return Received::Failure(String::from_utf8_lossy(&payload).into_owned());
    }
    if header.flags & frame::CONTROL != 0 {
        return Received::Control(payload);
    }
    let &[context_len] = header.options() else {
        return Received::Broken(format!("an answer with {} options", header.options().len()));
    };
    let context_len = context_len as usize;
    if context_len > payload.len() {
        return Received::Broken("a context longer than the frame".into());
    }
    if header.stream != 0 {
        return Received::Broken("a frame of a stream".into());
    }
    let body = payload.split_off(context_len);
    if body.is_empty() && payload.windows(6).any(|window| window == br#""stop""#) {
        return Received::Retire;
    }
    Received::Answer(body)
}
