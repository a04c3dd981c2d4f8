//! The stream that a handler opened.

use std::fmt;
use std::pin::Pin;

use centrifugo_proto::proxy::{Publication, SubscribeResult};
use futures_core::Stream;

use crate::error::Error;

/// A stream of publications. An error ends it as a failure.
pub type PublicationStream = Pin<Box<dyn Stream<Item = Result<Publication, Error>> + Send>>;

/// A stream that a handler opened. [`reply::Stream`](crate::reply::Stream) converts into it.
#[must_use]
#[non_exhaustive]
pub struct OpenedStream {
    /// The answer to the subscription.
    pub result: SubscribeResult,
    /// The publications for the client. An error ends the stream as a failure.
    pub publications: PublicationStream,
}

impl OpenedStream {
    /// Creates a stream.
    pub fn new(result: SubscribeResult, publications: PublicationStream) -> Self {
        Self { result, publications }
    }
}

impl fmt::Debug for OpenedStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedStream")
            .field("result", &self.result)
            .finish_non_exhaustive()
    }
}
