//! A codec that passes bytes through: the dispatcher reads messages itself.

use bytes::{Buf as _, BufMut as _, Bytes};
use http::HeaderMap;
use tonic::Status;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

/// The steps in which the buffer of a decompressed message grows.
const DECOMPRESSION_STEP: usize = 8 * 1024;
/// What tonic allocates for each answer, as its default.
const ENCODER_BUFFER: usize = 8 * 1024;
/// Bytes of answers that tonic gathers before it passes them on, as its default.
const YIELD_THRESHOLD: usize = 32 * 1024;

#[derive(Clone, Copy, Debug)]
pub(super) struct Through {
    decoder_buffer: usize,
    encoder_buffer: usize,
}

impl Through {
    /// A codec for the call with these headers.
    pub(super) fn new(headers: &HeaderMap) -> Self {
        // tonic allocates the decoder's buffer before anything has arrived, and grows decompressed messages in steps of its
        // size, which must not be 0 then.
        Self {
            decoder_buffer: headers.get("grpc-encoding").map_or(0, |_| DECOMPRESSION_STEP),
            encoder_buffer: ENCODER_BUFFER,
        }
    }

    /// A codec for messages of a few bytes, which are not compressed.
    pub(super) fn small() -> Self {
        Self {
            decoder_buffer: 0,
            encoder_buffer: 0,
        }
    }
}

impl Codec for Through {
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

impl Encoder for Through {
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

impl Decoder for Through {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, src: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(src.copy_to_bytes(src.remaining())))
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(self.decoder_buffer, YIELD_THRESHOLD)
    }
}
