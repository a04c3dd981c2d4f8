//! The `Event` that transports pass to the dispatcher.

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

/// What the look-up of an event's handler found, for layers.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) fields: Fields,
    pub(crate) params: Params,
    /// The handler and its index in the dispatcher's list, if there is one.
    pub(crate) route: Option<(usize, RouteInfo)>,
}

/// An event with its request message still encoded, as layers see it.
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
    /// Creates an event of `kind` whose `body` is the encoded request message.
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

    /// Sets when the caller stops waiting.
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Returns the kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the headers that came with the event.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    pub(crate) fn shared_metadata(&self) -> Arc<Metadata> {
        self.metadata.clone()
    }

    /// Returns the encoded request message.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns when the caller stops waiting, if it said so.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Returns the values that layers attach to the event, for writing.
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

    /// Returns the client's id; empty if the event comes from no client.
    pub fn client(&self) -> &str {
        self.read(|fields, body| fields.client(body, self.kind))
    }

    /// Returns the user's id; empty for an anonymous connection, and if the event has no user.
    pub fn user(&self) -> &str {
        self.read(|fields, body| fields.user(body, self.kind))
    }

    /// Returns the channel or the method; empty if the event has none.
    pub fn target(&self) -> &str {
        self.read(|fields, body| fields.text(body, self.kind.layout().target))
    }

    /// Returns the handler that will answer, if there is one. Only events that a layer sees know it.
    pub fn route(&self) -> Option<RouteInfo> {
        let (_, info) = self.resolved.as_ref()?.route?;
        Some(info)
    }

    /// Returns the values that layers attached to the event.
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
