//! An event of a known kind: what extractors read.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use bytes::Bytes;
use prost::Message;

use super::call::Call;
use super::format::Format;
use super::scoped_values::ScopedValues;
use super::state::States;
use crate::event::{
    EventKind, Extensions, Fields, HasChannel, HasConnection, HasData, HasKey, HasMeta, HasPattern, HasUser,
    Layout, Metadata, fields,
};

/// An event of kind `K`. The message is decoded when somebody asks for the whole of it.
pub struct TypedEvent<K: EventKind> {
    call: Box<Call>,
    request: OnceLock<Box<K::Request>>,
    scoped: ScopedValues,
}

impl<K: EventKind> TypedEvent<K> {
    /// The event, unless its body is no message of kind `K`.
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

    /// The whole request message.
    pub fn request(&self) -> &K::Request {
        let request = self.call.event.request();
        request.message().unwrap_or_else(|| {
            // What `Fields` takes, prost takes: a property test holds them together.
            self.request
                .get_or_init(|| Box::new(K::Request::decode(request.encoded().clone()).unwrap_or_default()))
        })
    }

    /// How the transport of the event wants the reply.
    pub(super) fn format(&self) -> Format {
        self.call.format
    }

    /// The headers that came along.
    pub fn metadata(&self) -> &Metadata {
        self.call.event.metadata()
    }

    /// When the handler's time is over, if the caller said so.
    pub fn deadline(&self) -> Option<Instant> {
        self.call.event.deadline()
    }

    /// The program's state of a type, if there is one.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.call.states.get()
    }

    pub(crate) fn states(&self) -> &States {
        &self.call.states
    }

    pub(crate) fn scoped(&self) -> &ScopedValues {
        &self.scoped
    }

    /// What a layer put beside the event.
    pub fn extensions(&self) -> &Extensions {
        self.call.event.extensions()
    }

    /// What stands for the pattern's named wildcard of this index.
    pub(crate) fn param(&self, index: usize) -> &str {
        let range = self.call.found.params.get(index).cloned();
        range
            .and_then(|range| self.text(Self::layout().target).get(range))
            .unwrap_or_default()
    }

    /// Whether the client is on the JSON protocol; false where no client is behind the event.
    pub(crate) fn is_json_client(&self) -> bool {
        Self::layout().has(fields::PROTOCOL) && self.text(fields::PROTOCOL) == "json"
    }
}

impl<K: HasConnection> TypedEvent<K> {
    /// The id that Centrifugo gave the client.
    pub fn client(&self) -> &str {
        self.text(fields::CLIENT)
    }

    /// `websocket`, `sse`, `http_stream` and others.
    pub fn transport(&self) -> &str {
        self.text(fields::TRANSPORT)
    }

    /// `json` or `protobuf`: the client's protocol.
    pub fn protocol(&self) -> &str {
        self.text(fields::PROTOCOL)
    }

    /// `json` or `binary`: how the proxy passes data.
    pub fn encoding(&self) -> &str {
        self.text(fields::ENCODING)
    }
}

impl<K: HasUser> TypedEvent<K> {
    /// The user's id; empty for an anonymous one.
    pub fn user(&self) -> &str {
        self.text(fields::USER)
    }
}

impl<K: HasChannel> TypedEvent<K> {
    /// The channel.
    pub fn channel(&self) -> &str {
        self.text(Self::layout().target)
    }
}

impl<K: HasKey> TypedEvent<K> {
    /// The key of the map channel.
    pub fn key(&self) -> &str {
        self.text(fields::KEY)
    }
}

impl<K: HasPattern> TypedEvent<K> {
    /// What the pattern was matched with: the channel or the method.
    pub fn target(&self) -> &str {
        self.text(Self::layout().target)
    }
}

impl<K: HasData> TypedEvent<K> {
    /// The data as bytes, and in base 64 where the proxy uses binary encoding.
    pub(crate) fn data(&self) -> (Bytes, &str) {
        let number = Self::layout().data;
        let data = self.call.event.request().shared_bytes(self.fields(), number);
        (data, self.text(number + 1))
    }

    /// Whether the event has data.
    pub(crate) fn has_data(&self) -> bool {
        let number = Self::layout().data;
        !self.bytes(number).is_empty() || !self.text(number + 1).is_empty()
    }
}

impl<K: HasMeta> TypedEvent<K> {
    /// The meta as JSON; empty when there is none.
    pub fn meta(&self) -> &[u8] {
        self.bytes(Self::layout().meta)
    }
}
