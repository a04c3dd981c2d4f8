//! The encoded answer of a subscribe_stream handler.

use std::fmt;

use bytes::Bytes;

use crate::event::PublicationStream;

/// The answer of a subscribe_stream handler: the encoded response and the publications that follow it.
#[non_exhaustive]
pub struct EncodedStream {
    /// The encoded response to the subscription.
    pub response: Bytes,
    pub(crate) publications: PublicationStream,
}

impl EncodedStream {
    pub(crate) fn new(response: Bytes, publications: PublicationStream) -> Self {
        Self {
            response,
            publications,
        }
    }
}

impl fmt::Debug for EncodedStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncodedStream")
            .field("response", &self.response)
            .finish_non_exhaustive()
    }
}
