//! Frames out of a byte stream.

use std::io;
use std::os::fd::OwnedFd;

use bytes::{Buf as _, Bytes};

use crate::goridge::{FrameError, Header};

/// Where the bytes come from.
pub(crate) trait Source {
    /// Reads what is there into the spare room of `buf`, waiting for the first byte; 0 at the end.
    fn read_into(&mut self, buf: &mut Vec<u8>) -> io::Result<usize>;
}

/// A pipe or a socket.
pub(crate) struct FdSource(pub(crate) OwnedFd);

impl Source for FdSource {
    fn read_into(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {
        loop {
            match rustix::io::read(&self.0, rustix::buffer::spare_capacity(buf)) {
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::CONNRESET) => return Ok(0),
                other => return Ok(other?),
            }
        }
    }
}

/// A frame, sharing the memory that it was read into.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) header: Header,
    pub(crate) payload: Bytes,
}

#[derive(Debug)]
pub(crate) enum ReadError {
    Io(io::Error),
    Frame(FrameError),
}

const SMALL: usize = 4 * 1024;
/// Memory grows with the bytes that are there, by this much at least.
const STEP: usize = 64 * 1024;

pub(crate) struct Reader<S> {
    source: S,
    buf: Vec<u8>,
    max_payload: usize,
    /// The room for the next read: as much as the last frame needed.
    room: usize,
    /// The memory of the last frame, taken back when its handler kept none of it.
    last: Bytes,
}

impl<S: Source> Reader<S> {
    pub(crate) fn new(source: S, max_payload: usize) -> Self {
        Self {
            source,
            buf: Vec::new(),
            max_payload,
            room: SMALL,
            last: Bytes::new(),
        }
    }

    /// The buffer for the next frame: the last frame's, where nobody holds on to it.
    fn recycle(&mut self) {
        if self.buf.capacity() == 0
            && let Ok(mut buf) = std::mem::take(&mut self.last).try_into_mut()
        {
            buf.clear();
            self.buf = Vec::from(buf);
        }
    }

    /// Reads once, ahead of the next frame; 0 at the end.
    fn fill(&mut self) -> io::Result<usize> {
        if self.buf.capacity() == self.buf.len() {
            self.buf.reserve(self.room.max(SMALL));
        }
        self.source.read_into(&mut self.buf)
    }

    /// The next frame; `None` at the end of the stream.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, ReadError> {
        self.recycle();
        loop {
            if let Some(header) = Header::parse(&self.buf).map_err(ReadError::Frame)? {
                if header.payload_len > self.max_payload {
                    let error = FrameError::TooLong {
                        len: header.payload_len,
                        limit: self.max_payload,
                    };
                    return Err(ReadError::Frame(error));
                }
                let total = header.len() + header.payload_len;
                if self.buf.len() >= total {
                    return Ok(Some(self.take(header, total)));
                }
                let missing = total - self.buf.len();
                if self.buf.capacity() < total {
                    self.buf.reserve(missing.min(STEP.max(self.buf.len())));
                }
            }
            if self.fill().map_err(ReadError::Io)? == 0 {
                if !self.buf.is_empty() {
                    tracing::warn!(target: "centrifugo", bytes = self.buf.len(), "the stream ended within a frame");
                }
                return Ok(None);
            }
        }
    }

    fn take(&mut self, header: Header, total: usize) -> Frame {
        let rest = self.buf.get(total..).unwrap_or_default();
        // Small frames keep a small buffer: a handler that holds on to its data holds no more than that.
        self.room = (total + 512).clamp(SMALL, 1024 * 1024);
        let next_is_empty = rest.is_empty();
        let next = if next_is_empty {
            Vec::new()
        } else {
            let mut next = Vec::with_capacity(rest.len().max(SMALL));
            next.extend_from_slice(rest);
            next
        };
        let mut bytes = Bytes::from(std::mem::replace(&mut self.buf, next));
        bytes.truncate(total);
        if next_is_empty {
            self.last = bytes.clone();
        }
        bytes.advance(header.len());
        Frame {
            header,
            payload: bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Gives its bytes in pieces of the given sizes.
    struct Pieces {
        bytes: Vec<u8>,
        at: usize,
        sizes: Vec<usize>,
        turn: usize,
    }

    impl Source for Pieces {
        fn read_into(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {
            let size = self.sizes[self.turn % self.sizes.len()]
                .min(buf.capacity() - buf.len())
                .min(self.bytes.len() - self.at);
            self.turn += 1;
            buf.extend_from_slice(&self.bytes[self.at..self.at + size]);
            self.at += size;
            Ok(size)
        }
    }

    fn reader(bytes: Vec<u8>, sizes: Vec<usize>, max: usize) -> Reader<Pieces> {
        Reader::new(
            Pieces {
                bytes,
                at: 0,
                sizes,
                turn: 0,
            },
            max,
        )
    }

    proptest! {
        #[test]
        fn frames_arrive_however_they_are_cut(
            payloads in proptest::collection::vec((any::<u8>(), proptest::collection::vec(any::<u32>(), 0..=10), proptest::collection::vec(any::<u8>(), 0..3000)), 0..8),
            sizes in proptest::collection::vec(1usize..700, 1..5),
        ) {
            let mut bytes = Vec::new();
            for (flags, options, payload) in &payloads {
                let header = options.iter().fold(Header::new(*flags, payload.len()), |header, option| header.option(*option));
                header.encode(&mut bytes).unwrap();
                bytes.extend_from_slice(payload);
            }
            let mut reader = reader(bytes, sizes, 4096);
            for (flags, options, payload) in &payloads {
                let frame = reader.next().unwrap().unwrap();
                prop_assert_eq!(frame.header.flags, *flags);
                prop_assert_eq!(frame.header.options(), options.as_slice());
                prop_assert_eq!(&frame.payload[..], payload.as_slice());
            }
            prop_assert!(reader.next().unwrap().is_none());
        }

        #[test]
        fn any_bytes_end_without_a_panic(bytes: Vec<u8>, size in 1usize..50) {
            let mut reader = reader(bytes, vec![size], 1 << 20);
            while let Ok(Some(_)) = reader.next() {}
        }
    }

    #[test]
    fn a_claim_of_four_gigabytes_is_refused_and_one_under_the_limit_takes_no_memory() {
        let mut bytes = Vec::new();
        Header::new(0, u32::MAX as usize).encode(&mut bytes).unwrap();
        assert!(matches!(
            reader(bytes, vec![100], 64 << 20).next(),
            Err(ReadError::Frame(FrameError::TooLong { .. }))
        ));

        let mut bytes = Vec::new();
        Header::new(0, 60 << 20).encode(&mut bytes).unwrap();
        let mut reader = reader(bytes, vec![100], 64 << 20);
        assert!(reader.next().unwrap().is_none());
        assert!(reader.buf.capacity() < 256 * 1024);
    }
}
