//! Trait bounds for extractors and replies: the capabilities of the events of a kind.

use std::fmt;

use centrifugo_proto::{FieldsByNumber, proxy};
use prost::Message;
use serde::Serialize;

use super::kind::Kind;
use super::opened_stream::PublicationStream;

/// Keeps other crates from implementing [`EventKind`], so that a new method of it breaks no other crate.
pub(super) mod sealed {
    pub trait Sealed {}
}

/// A kind of event as a type, which extractors and replies are generic over.
///
/// The [markers](crate::event::markers) implement it, and no other type can.
pub trait EventKind: sealed::Sealed + Sized + Send + Sync + 'static {
    /// The kind as a value.
    const KIND: Kind;
    /// The request message.
    type Request: Message + FieldsByNumber + Default + Clone + fmt::Debug + Send + Sync + 'static;
    /// The result message, which an answer without an error carries.
    type Result: Message + Default + Clone + PartialEq + fmt::Debug + Send + 'static;
    /// The response message.
    type Response: Message + Serialize + Default + Send + 'static;
    /// The type that a reply converts into: the result, and for a stream also the publications.
    type Reply: Send + 'static;
    #[doc(hidden)]
    fn split(reply: Self::Reply) -> (Self::Result, Option<PublicationStream>);
    /// Creates a response with a result.
    ///
    /// A response always has one, because Centrifugo would otherwise allow, or expire, by default.
    fn response(result: Self::Result) -> Self::Response;
    /// Splits a response into its result, error and disconnect.
    fn into_parts(
        response: Self::Response,
    ) -> (
        Option<Self::Result>,
        Option<proxy::Error>,
        Option<proxy::Disconnect>,
    );
}

/// Events that come from a client's connection.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` event has no connection: all events but the notifications and shared_poll_refresh have one"
)]
pub trait HasConnection: EventKind {}

/// Events that carry a user.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` event has no user: refresh, subscribe, publish, sub_refresh, rpc, map_publish, map_remove and subscribe_stream events have one; a connect event's answer says who the user is"
)]
pub trait HasUser: HasConnection {}

/// Events of a channel.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` event has no channel: subscribe, publish, sub_refresh, notify_cache_empty, map_publish, map_remove, shared_poll_refresh and subscribe_stream events have one"
)]
pub trait HasChannel: HasPattern {}

/// Events of a method.
#[diagnostic::on_unimplemented(message = "a `{Self}` event has no method: rpc events have one")]
pub trait HasMethod: HasPattern {}

/// Events of a key of a map channel.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` event has no key: map_publish and map_remove events have one"
)]
pub trait HasKey: HasChannel {}

/// Events that carry application data.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` event has no data: connect, subscribe, publish, rpc, map_publish and subscribe_stream events have some"
)]
pub trait HasData: HasConnection {}

/// Events that carry the connection's meta and labels.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` event has no meta: refresh, subscribe, publish, sub_refresh, rpc, map_publish, map_remove and subscribe_stream events have it"
)]
pub trait HasMeta: HasUser {
    /// Returns the labels of the connection (Centrifugo PRO).
    fn labels(request: &Self::Request) -> &std::collections::BTreeMap<String, String>;
}

/// Events whose handlers have a pattern: those of a channel and those of a method.
pub trait HasPattern: EventKind {}
