//! An event of a known kind, from which extractors read.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use bytes::Bytes;
use prost::Message;

use super::format::Format;
use super::route::Call;
use super::scoped_values::ScopedValues;
use super::state::States;
use crate::event::{
    EventKind, Extensions, Fields, HasChannel, HasConnection, HasData, HasKey, HasMeta, HasPattern, HasUser,
    Layout, Metadata, layout,
};

/// An event of kind `K`, for extractors. The request message is decoded only if an extractor reads all of it.
pub struct TypedEvent<K: EventKind> {
    call: Box<Call>,
    request: OnceLock<Box<K::Request>>,
    scoped: ScopedValues,
}

impl<K: EventKind> TypedEvent<K> {
    /// Creates an event. Fails if the body is not a request message of kind `K`.
    pub(crate) fn new(call: Box<Call>) -> Result<Self, prost::DecodeError> {
        let request = if call.found.fields.nested {
            OnceLock::from(Box::new(K::Request::decode(call.event.body().clone())?))
        } else {
            OnceLock::new()
        };
        Ok(Self {
            call,
            request,
            scoped: ScopedValues::default(),
        })
    }

    fn layout() -> &'static Layout {
        K::KIND.layout()
    }

    fn fields(&self) -> &Fields {
        &self.call.found.fields
    }

    fn text(&self, number: usize) -> &str {
        self.call.event.request().text(self.fields(), number)
    }

    fn bytes(&self, number: usize) -> &[u8] {
        self.call.event.request().bytes(self.fields(), number)
    }

    /// Returns the whole request message.
    pub fn request(&self) -> &K::Request {
        let request = self.call.event.request();
        request.message().unwrap_or_else(|| {
            // `Fields` accepts only what prost accepts; a property test checks that.
            self.request
                .get_or_init(|| Box::new(K::Request::decode(request.encoded().clone()).unwrap_or_default()))
        })
    }

    /// Returns the format in which the transport sends the reply.
    pub(super) fn format(&self) -> Format {
        self.call.format
    }

    /// Returns the headers that came with the event.
    pub fn metadata(&self) -> &Metadata {
        self.call.event.metadata()
    }

    /// Returns the time at which the caller stops waiting, if the caller set one.
    pub fn deadline(&self) -> Option<Instant> {
        self.call.event.deadline()
    }

    /// Returns the program's state of a type, if there is one.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.call.states.get()
    }

    pub(crate) fn states(&self) -> &States {
        &self.call.states
    }

    pub(crate) fn scoped(&self) -> &ScopedValues {
        &self.scoped
    }

    /// Returns the values that layers attached to the event.
    pub fn extensions(&self) -> &Extensions {
        self.call.event.extensions()
    }

    /// Returns the text that the pattern's named wildcard of this index matched.
    pub(crate) fn param(&self, index: usize) -> &str {
        let range = self.call.found.params.get(index).cloned();
        range
            .and_then(|range| self.text(Self::layout().target).get(range))
            .unwrap_or_default()
    }

    /// Returns whether the client uses the JSON protocol. It is false if the event does not come from a client.
    pub(crate) fn is_json_client(&self) -> bool {
        Self::layout().has(layout::PROTOCOL) && self.text(layout::PROTOCOL) == "json"
    }
}

impl<K: HasConnection> TypedEvent<K> {
    /// Returns the id that Centrifugo assigned to the connection.
    pub fn client(&self) -> &str {
        self.text(layout::CLIENT)
    }

    /// Returns the client's transport: `websocket`, `sse`, `http_stream` or another one.
    pub fn transport(&self) -> &str {
        self.text(layout::TRANSPORT)
    }

    /// Returns the client's protocol: `json` or `protobuf`.
    pub fn protocol(&self) -> &str {
        self.text(layout::PROTOCOL)
    }

    /// Returns the encoding in which Centrifugo's proxy sends data: `json` or `binary`.
    pub fn encoding(&self) -> &str {
        self.text(layout::ENCODING)
    }
}

impl<K: HasUser> TypedEvent<K> {
    /// Returns the user's id. It is empty for an anonymous connection.
    pub fn user(&self) -> &str {
        self.text(layout::USER)
    }
}

impl<K: HasChannel> TypedEvent<K> {
    /// Returns the channel.
    pub fn channel(&self) -> &str {
        self.text(Self::layout().target)
    }
}

impl<K: HasKey> TypedEvent<K> {
    /// Returns the key of the map channel.
    pub fn key(&self) -> &str {
        self.text(layout::KEY)
    }
}

impl<K: HasPattern> TypedEvent<K> {
    /// Returns the channel or the method, which the pattern was matched against.
    pub fn target(&self) -> &str {
        self.text(Self::layout().target)
    }
}

impl<K: HasData> TypedEvent<K> {
    /// Returns the data as bytes, and the data in base64 if the proxy uses binary encoding.
    pub(crate) fn data(&self) -> (Bytes, &str) {
        let number = Self::layout().data;
        let data = self.call.event.request().shared_bytes(self.fields(), number);
        (data, self.text(number + 1))
    }

    /// Returns whether the event has data.
    pub(crate) fn has_data(&self) -> bool {
        let number = Self::layout().data;
        !self.bytes(number).is_empty() || !self.text(number + 1).is_empty()
    }
}

impl<K: HasMeta> TypedEvent<K> {
    /// Returns the meta as JSON. It is empty if there is none.
    pub fn meta(&self) -> &[u8] {
        self.bytes(Self::layout().meta)
    }
}

impl<K: EventKind> fmt::Debug for TypedEvent<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedEvent")
            .field("event", &self.call.event)
            .finish_non_exhaustive()
    }
}
