//! Writes frames to the relay.

use std::io::{self, IoSlice, Write};

use crate::goridge::Header;

/// The longest payload that is copied behind its header, in bytes. Up to this length, one `write` of the copy is faster
/// than one `writev` of two buffers: measured, by 4 % of a round trip.
const MAX_COPIED_PAYLOAD: usize = 16 * 1024;

pub(super) struct FrameWriter<W> {
    sink: W,
    /// The encoded header, with the payload behind it if that is short.
    buffer: Vec<u8>,
}

impl<W: Write> FrameWriter<W> {
    pub(super) fn new(sink: W) -> Self {
        Self {
            sink,
            buffer: Vec::with_capacity(64),
        }
    }

    /// Writes one frame and flushes the sink.
    pub(super) fn send(&mut self, header: Header, payload: &[u8]) -> io::Result<()> {
        self.buffer.clear();
        header.encode(&mut self.buffer).map_err(io::Error::other)?;
        if payload.len() <= MAX_COPIED_PAYLOAD {
            self.buffer.extend_from_slice(payload);
            self.sink.write_all(&self.buffer)?;
            return self.sink.flush();
        }
        write_all(&mut self.sink, &self.buffer, payload)
    }
}

/// Writes both buffers, with a single system call if the kernel accepts all bytes at once.
fn write_all(sink: &mut impl Write, mut header: &[u8], mut payload: &[u8]) -> io::Result<()> {
    while !header.is_empty() || !payload.is_empty() {
        match sink.write_vectored(&[IoSlice::new(header), IoSlice::new(payload)]) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => {
                let of_header = written.min(header.len());
                header = &header[of_header..];
                payload = payload.get(written - of_header..).unwrap_or_default();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    sink.flush()
}
