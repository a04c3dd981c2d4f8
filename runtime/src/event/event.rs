//! What Centrifugo asks.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use super::extensions::Extensions;
use super::fields::Fields;
use super::kind::Kind;
use super::metadata::Metadata;
use super::request::Request;
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

/// An event as a transport hands it to the [`Dispatcher`](crate::dispatch::Dispatcher).
#[derive(Clone)]
pub struct Event {
    kind: Kind,
    metadata: Arc<Metadata>,
    request: Request,
    deadline: Option<Instant>,
    extensions: Extensions,
    /// Set while layers see the event.
    resolved: Option<Box<Resolved>>,
}

impl Event {
    /// An event of `kind` whose `body` is the encoded request message.
    pub fn new(kind: Kind, metadata: impl Into<Arc<Metadata>>, body: Bytes) -> Self {
        Self::with_request(kind, metadata, Request::Encoded(body))
    }

    pub(crate) fn with_request(kind: Kind, metadata: impl Into<Arc<Metadata>>, request: Request) -> Self {
        Self {
            kind,
            metadata: metadata.into(),
            request,
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

    /// Returns the encoded request message. An event that came over HTTP is encoded by the first call.
    pub fn body(&self) -> &Bytes {
        self.request.encoded()
    }

    pub(crate) fn request(&self) -> &Request {
        &self.request
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

    fn read<'a>(&'a self, field: impl FnOnce(&'a Request, &Fields, Kind) -> &'a str) -> &'a str {
        let (request, kind) = (&self.request, self.kind);
        match &self.resolved {
            Some(resolved) => field(request, &resolved.fields, kind),
            None => request
                .fields(kind)
                .map_or("", |fields| field(request, &fields, kind)),
        }
    }

    /// The client's id; empty where no client is behind the event.
    pub fn client(&self) -> &str {
        self.read(Request::client)
    }

    /// The user's id; empty for an anonymous one, and where the event has none.
    pub fn user(&self) -> &str {
        self.read(Request::user)
    }

    /// The channel or the method; empty where the event has none.
    pub fn target(&self) -> &str {
        self.read(Request::target)
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
            .finish_non_exhaustive()
    }
}
