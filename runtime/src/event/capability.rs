//! What a kind of event has, as bounds for extractors and replies.

use std::fmt;

use centrifugo_proto::{FieldsByNumber, proxy};
use prost::Message;
use serde::Serialize;

use super::kind::Kind;
use super::opened_stream::PublicationStream;

/// A kind as a type: the marker that extractors and replies are bounded by.
pub trait EventKind: Sized + Send + Sync + 'static {
    /// The same as a value.
    const KIND: Kind;
    /// The message of Centrifugo.
    type Request: Message + FieldsByNumber + Default + Clone + Send + Sync + 'static;
    /// What an answer that allows carries.
    type Result: Message + Default + Clone + PartialEq + fmt::Debug + Send + 'static;
    /// The whole answer.
    type Response: Message + Serialize + Default + Send + 'static;
    /// What a reply turns into: the result, for a stream with the publications that follow.
    type Reply: Send + 'static;
    #[doc(hidden)]
    fn split(reply: Self::Reply) -> (Self::Result, Option<PublicationStream>);
    /// An answer that allows. It always has its result: without one Centrifugo would allow or expire by default.
    fn response(result: Self::Result) -> Self::Response;
    /// What a response holds.
    fn into_parts(
        response: Self::Response,
    ) -> (
        Option<Self::Result>,
        Option<proxy::Error>,
        Option<proxy::Disconnect>,
    );
}

/// Events of a client's connection.
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
    /// The labels of the connection (Centrifugo PRO).
    fn labels(request: &Self::Request) -> &std::collections::BTreeMap<String, String>;
}

/// Events whose handlers have a pattern: those of a channel or a method.
pub trait HasPattern: EventKind {}
