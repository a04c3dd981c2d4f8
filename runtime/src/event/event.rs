//! What Centrifugo asks.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use super::extensions::Extensions;
use super::fields::Fields;
use super::kind::Kind;
use super::metadata::Metadata;
use super::route_info::RouteInfo;
use crate::routing::Params;

/// What the look-up of an event's handler read and found: layers see the event with it.
#[derive(Clone)]
pub(crate) struct Resolved {
    pub(crate) fields: Fields,
    pub(crate) params: Params,
    /// The handler with its index in the dispatcher's list, if there is one.
    pub(crate) route: Option<(usize, RouteInfo)>,
}

/// An event as a transport hands it to the [`Dispatcher`](crate::dispatch::Dispatcher): the body is still encoded.
#[derive(Clone)]
pub struct Event {
    kind: Kind,
    metadata: Arc<Metadata>,
    body: Bytes,
    deadline: Option<Instant>,
    extensions: Extensions,
    /// Set while layers see the event.
    resolved: Option<Box<Resolved>>,
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
            resolved: None,
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

    pub(crate) fn with_resolved(mut self, resolved: Resolved) -> Self {
        self.resolved = Some(Box::new(resolved));
        self
    }

    pub(crate) fn take_resolved(&mut self) -> Option<Resolved> {
        self.resolved.take().map(|resolved| *resolved)
    }

    fn read<'a>(&'a self, field: impl FnOnce(&Fields, &'a [u8]) -> &'a str) -> &'a str {
        match &self.resolved {
            Some(resolved) => field(&resolved.fields, &self.body),
            None => {
                Fields::read(&self.body, self.kind.layout()).map_or("", |fields| field(&fields, &self.body))
            }
        }
    }

    /// The client's id; empty where no client is behind the event.
    pub fn client(&self) -> &str {
        self.read(|fields, body| fields.client(body, self.kind))
    }

    /// The user's id; empty for an anonymous one, and where the event has none.
    pub fn user(&self) -> &str {
        self.read(|fields, body| fields.user(body, self.kind))
    }

    /// The channel or the method; empty where the event has none.
    pub fn target(&self) -> &str {
        self.read(|fields, body| fields.text(body, self.kind.layout().target))
    }

    /// The handler that will answer; known to layers, and to them only when there is one.
    pub fn route(&self) -> Option<RouteInfo> {
        let (_, info) = self.resolved.as_ref()?.route?;
        Some(info)
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
