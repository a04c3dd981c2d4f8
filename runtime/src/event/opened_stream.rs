//! What the handler of a stream decided.

use std::fmt;
use std::pin::Pin;

use centrifugo_proto::proxy::{Publication, SubscribeResult};
use futures_core::Stream;

use crate::error::Error;

/// The publications that follow, on their way to the client.
pub type PublicationStream = Pin<Box<dyn Stream<Item = Result<Publication, Error>> + Send>>;

/// A stream that a handler opened: what [`reply::Stream`](crate::reply::Stream) turns into.
#[non_exhaustive]
pub struct OpenedStream {
    /// How the client is subscribed.
    pub result: SubscribeResult,
    /// What it gets. An error ends the stream as a failure.
    pub publications: PublicationStream,
}

impl OpenedStream {
    /// A stream of its own making.
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
