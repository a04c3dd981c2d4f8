//! Reads frames from a byte stream.

use std::io;
use std::os::fd::OwnedFd;

use bytes::{Buf as _, Bytes};

use crate::goridge::{FrameError, Header};

/// A source of bytes.
pub(crate) trait Source {
    /// Waits for at least one byte and appends available bytes to the spare capacity of `buf`. Returns 0 at end of file.
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

/// A frame. Its payload shares the memory of the read buffer.
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

/// The smallest and the largest capacity of the read buffer between two frames, in bytes.
const MIN_CAPACITY: usize = 4 * 1024;
const MAX_CAPACITY: usize = 1024 * 1024;
/// The least number of bytes by which the buffer grows for a long frame. The buffer grows with the bytes that have arrived,
/// not to the length that a header claims.
const GROWTH_STEP: usize = 64 * 1024;

pub(crate) struct FrameReader<S> {
    source: S,
    buf: Vec<u8>,
    max_payload: usize,
    /// The capacity of the next buffer: what the previous frame needed.
    next_capacity: usize,
    /// The memory of the previous frame. It is reused if the handler kept no reference to it.
    previous: Bytes,
}

impl<S: Source> FrameReader<S> {
    pub(crate) fn new(source: S, max_payload: usize) -> Self {
        Self {
            source,
            buf: Vec::new(),
            max_payload,
            next_capacity: MIN_CAPACITY,
            previous: Bytes::new(),
        }
    }

    /// Reuses the buffer of the previous frame if nothing references it.
    fn reuse_buffer(&mut self) {
        if self.buf.capacity() == 0
            && let Ok(mut buf) = std::mem::take(&mut self.previous).try_into_mut()
        {
            buf.clear();
            self.buf = Vec::from(buf);
        }
    }

    /// Reads once. Returns 0 at end of file.
    fn fill(&mut self) -> io::Result<usize> {
        if self.buf.capacity() == self.buf.len() {
            self.buf.reserve(self.next_capacity.max(MIN_CAPACITY));
        }
        self.source.read_into(&mut self.buf)
    }

    /// Reads the next frame. Returns `None` at the end of the stream.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, ReadError> {
        self.reuse_buffer();
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
                    return Ok(Some(self.split_frame(header, total)));
                }
                let missing = total - self.buf.len();
                if self.buf.capacity() < total {
                    self.buf.reserve(missing.min(GROWTH_STEP.max(self.buf.len())));
                }
            }
            if self.fill().map_err(ReadError::Io)? == 0 {
                if !self.buf.is_empty() {
                    tracing::warn!(target: "centrifugo", bytes = self.buf.len(), "relay closed in the middle of a frame");
                }
                return Ok(None);
            }
        }
    }

    /// Splits the first `total` bytes, which are one frame, from the buffer.
    fn split_frame(&mut self, header: Header, total: usize) -> Frame {
        let rest = self.buf.get(total..).unwrap_or_default();
        // A handler that keeps a part of its event keeps the whole buffer, so a small frame gets a small buffer.
        self.next_capacity = (total + 512).clamp(MIN_CAPACITY, MAX_CAPACITY);
        let next_is_empty = rest.is_empty();
        let next = if next_is_empty {
            Vec::new()
        } else {
            let mut next = Vec::with_capacity(rest.len().max(MIN_CAPACITY));
            next.extend_from_slice(rest);
            next
        };
        let mut bytes = Bytes::from(std::mem::replace(&mut self.buf, next));
        bytes.truncate(total);
        if next_is_empty {
            self.previous = bytes.clone();
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

    /// Returns its bytes in chunks of the given sizes.
    struct ChunkedSource {
        bytes: Vec<u8>,
        position: usize,
        sizes: Vec<usize>,
        reads: usize,
    }

    impl Source for ChunkedSource {
        fn read_into(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {
            let size = self.sizes[self.reads % self.sizes.len()]
                .min(buf.capacity() - buf.len())
                .min(self.bytes.len() - self.position);
            self.reads += 1;
            buf.extend_from_slice(&self.bytes[self.position..self.position + size]);
            self.position += size;
            Ok(size)
        }
    }

    fn reader(bytes: Vec<u8>, sizes: Vec<usize>, max: usize) -> FrameReader<ChunkedSource> {
        FrameReader::new(
            ChunkedSource {
                bytes,
                position: 0,
                sizes,
                reads: 0,
            },
            max,
        )
    }

    proptest! {
        #[test]
        fn reads_frames_from_chunks_of_any_size(
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
        fn never_panics(bytes: Vec<u8>, size in 1usize..50) {
            let mut reader = reader(bytes, vec![size], 1 << 20);
            while let Ok(Some(_)) = reader.next() {}
        }
    }

    #[test]
    fn refuses_a_length_over_the_limit_and_allocates_nothing_for_a_length_under_it() {
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
