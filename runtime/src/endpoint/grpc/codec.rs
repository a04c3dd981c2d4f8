//! A codec that does not decode messages. The dispatcher reads them itself.

use bytes::{Buf as _, BufMut as _, Bytes};
use http::HeaderMap;
use tonic::Status;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

/// The step by which the buffer of a decompressed message grows, in bytes.
const DECOMPRESSION_STEP: usize = 8 * 1024;
/// The initial capacity of the buffer for a response, in bytes. Most responses need less. With many calls under way, tonic's default
/// of 8 KiB makes the allocator give memory back to the system and take it again.
const ENCODER_BUFFER: usize = 512;
/// The number of bytes of responses that tonic collects before it sends them. This is its default.
const YIELD_THRESHOLD: usize = 32 * 1024;

#[derive(Clone, Copy, Debug)]
pub(super) struct BytesCodec {
    decoder_buffer: usize,
    encoder_buffer: usize,
}

impl BytesCodec {
    /// Creates a codec for a call with these headers.
    pub(super) fn new(headers: &HeaderMap) -> Self {
        // tonic allocates this capacity before the message arrives. It also grows the buffer of a decompressed message in steps
        // of this size, so the size must not be 0 for a compressed message.
        Self {
            decoder_buffer: headers.get("grpc-encoding").map_or(0, |_| DECOMPRESSION_STEP),
            encoder_buffer: ENCODER_BUFFER,
        }
    }

    /// Creates a codec for uncompressed messages of a few bytes.
    pub(super) fn small() -> Self {
        Self {
            decoder_buffer: 0,
            encoder_buffer: 0,
        }
    }
}

impl Codec for BytesCodec {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for BytesCodec {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, dst: &mut EncodeBuf<'_>) -> Result<(), Status> {
        dst.reserve(item.len());
        dst.put(item);
        Ok(())
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(self.encoder_buffer, YIELD_THRESHOLD)
    }
}

impl Decoder for BytesCodec {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, src: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(src.copy_to_bytes(src.remaining())))
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(self.decoder_buffer, YIELD_THRESHOLD)
    }
}
