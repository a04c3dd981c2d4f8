//! What Centrifugo asks.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

mod capability;
pub(crate) mod fields;
pub mod kind;
mod kinds;
pub(crate) mod link;
mod metadata;
mod opening;
mod typed;

pub use capability::{EventKind, HasChannel, HasConnection, HasData, HasKey, HasMeta, HasPattern, HasUser};
pub use kinds::Kind;
pub use metadata::{Ambiguous, Metadata};
pub use opening::{Opening, Outgoing};
pub use typed::{Extensions, TypedEvent};

/// An event as a transport hands it to the [`Dispatcher`](crate::dispatch::Dispatcher): the body is still encoded.
#[derive(Clone)]
pub struct Event {
    kind: Kind,
    metadata: Arc<Metadata>,
    body: Bytes,
    deadline: Option<Instant>,
    extensions: Extensions,
}

impl Event {
    /// An event of `kind` whose `body` is the encoded request message.
    pub fn new(kind: Kind, metadata: impl Into<Arc<Metadata>>, body: Bytes) -> Self {
        Self {
            kind,
            metadata: metadata.into(),
            body,
            deadline: None,
            extensions: Extensions::default(),
        }
    }

    /// When the caller stops waiting.
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Which of the events.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The headers that came along.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    pub(crate) fn shared_metadata(&self) -> Arc<Metadata> {
        self.metadata.clone()
    }

    /// The encoded request message.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// When the caller stops waiting, if it said so.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// What layers hand on to extractors.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    /// What layers put beside it.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("kind", &self.kind)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}
