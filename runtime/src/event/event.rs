//! The `Event` that transports pass to the dispatcher.

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

/// The result of the search for an event's handler, for layers.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) fields: Fields,
    pub(crate) params: Params,
    /// The handler and its index in the dispatcher's list, if there is one.
    pub(crate) route: Option<(usize, RouteInfo)>,
}

/// An event as layers see it. Its request message is still encoded, unless the event came over HTTP.
#[derive(Clone)]
pub struct Event {
    kind: Kind,
    metadata: Arc<Metadata>,
    request: Request,
    deadline: Option<Instant>,
    /// When the endpoint received the event.
    received: Option<Instant>,
    /// How the event reached the process, or an empty text.
    transport: &'static str,
    extensions: Extensions,
    /// Set while layers see the event.
    resolved: Option<Box<Resolved>>,
}

impl Event {
    /// Creates an event of `kind` whose `body` is the encoded request message.
    pub fn new(kind: Kind, metadata: impl Into<Arc<Metadata>>, body: Bytes) -> Self {
        Self::with_request(kind, metadata, Request::Encoded(body))
    }

    pub(crate) fn with_request(kind: Kind, metadata: impl Into<Arc<Metadata>>, request: Request) -> Self {
        Self {
            kind,
            metadata: metadata.into(),
            request,
            deadline: None,
            received: None,
            transport: "",
            extensions: Extensions::default(),
            resolved: None,
        }
    }

    /// Sets the time at which the caller stops waiting for the answer.
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets when the event was received, for an endpoint that has read the clock anyway.
    #[cfg(feature = "_direct")]
    pub(crate) fn with_received(mut self, received: Instant) -> Self {
        self.received = Some(received);
        self
    }

    /// Returns when the event was received, or the current time.
    pub(crate) fn received(&self) -> Instant {
        self.received.unwrap_or_else(Instant::now)
    }

    /// Sets how the event reached the process: `grpc`, `http` or `roadrunner`.
    pub(crate) fn with_transport(mut self, transport: &'static str) -> Self {
        self.transport = transport;
        self
    }

    /// Returns how the event reached the process. It is empty in tests.
    pub(crate) fn transport(&self) -> &'static str {
        self.transport
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

    /// Returns the encoded request message. An event that came over HTTP is encoded by the first call.
    pub fn body(&self) -> &Bytes {
        self.request.encoded()
    }

    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    /// Returns the time at which the caller stops waiting, if the caller set one.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Returns a mutable reference to the values that layers attach to the event.
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

    /// Returns the client's id. It is empty if the event does not come from a client.
    pub fn client(&self) -> &str {
        self.read(Request::client)
    }

    /// Returns the user's id. It is empty for an anonymous connection, and if the event has no user.
    pub fn user(&self) -> &str {
        self.read(Request::user)
    }

    /// Returns the channel or the method. It is empty if the event has neither.
    pub fn target(&self) -> &str {
        self.read(Request::target)
    }

    /// Returns the handler of the event, if there is one. Outside of layers the handler is not known yet.
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
            .finish_non_exhaustive()
    }
}
