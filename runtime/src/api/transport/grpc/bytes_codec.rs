//! A codec that passes the bytes of messages through and records when a request is sent.

use bytes::{Buf as _, BufMut as _, Bytes};
use tonic::Status;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

use crate::api::in_flight_limit::InFlightPermit;
use crate::api::transport::attempt_progress::AttemptProgress;

pub(super) struct BytesCodec {
    pub(super) progress: AttemptProgress,
    pub(super) permit: InFlightPermit,
}

impl Codec for BytesCodec {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = BytesEncoder;
    type Decoder = BytesDecoder;

    fn encoder(&mut self) -> BytesEncoder {
        BytesEncoder {
            progress: self.progress.clone(),
            _permit: self.permit.clone(),
        }
    }

    fn decoder(&mut self) -> BytesDecoder {
        BytesDecoder
    }
}

/// Small buffers, since most messages are small. tonic's default is 8 KiB for each.
fn small() -> BufferSettings {
    BufferSettings::new(512, 32 * 1024)
}

/// A part of the request's body. It lives as long as hyper keeps the request, even if the call was cancelled.
pub(super) struct BytesEncoder {
    progress: AttemptProgress,
    _permit: InFlightPermit,
}

impl Encoder for BytesEncoder {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        if !self.progress.start() {
            return Err(Status::cancelled("the call was given up"));
        }
        out.put(item);
        Ok(())
    }

    fn buffer_settings(&self) -> BufferSettings {
        small()
    }
}

pub(super) struct BytesDecoder;

impl Decoder for BytesDecoder {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, bytes: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(bytes.copy_to_bytes(bytes.remaining())))
    }

    fn buffer_settings(&self) -> BufferSettings {
        small()
    }
}
