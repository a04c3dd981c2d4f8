//! What a kind of event has, as bounds for extractors and replies.

use std::fmt;

use centrifugo_proto::proxy;
use prost::Message;

use super::{Kind, Outgoing};

/// A kind as a type: the marker that extractors and replies are bounded by.
pub trait EventKind: Sized + Send + Sync + 'static {
    /// The same as a value.
    const KIND: Kind;
    /// The message of Centrifugo.
    type Request: Message + Default + Clone + Send + Sync + 'static;
    /// What an answer that allows carries.
    type Result: Message + Default + Clone + PartialEq + fmt::Debug + Send + 'static;
    /// The whole answer.
    type Response: Message + Default + Send + 'static;
    /// What a reply turns into: the result, for a stream with the publications that follow.
    type Reply: Send + 'static;
    #[doc(hidden)]
    fn split(reply: Self::Reply) -> (Self::Result, Option<Outgoing>);
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
#[diagnostic::on_unimplemented(message = "a `{Self}` event has no connection")]
pub trait HasConnection: EventKind {}

/// Events that carry a user.
#[diagnostic::on_unimplemented(message = "a `{Self}` event has no user")]
pub trait HasUser: HasConnection {}

/// Events of a channel.
#[diagnostic::on_unimplemented(message = "a `{Self}` event has no channel")]
pub trait HasChannel: HasPattern {}

/// Events of a key of a map channel.
#[diagnostic::on_unimplemented(message = "a `{Self}` event has no key")]
pub trait HasKey: HasChannel {}

/// Events that carry application data.
#[diagnostic::on_unimplemented(message = "a `{Self}` event has no data")]
pub trait HasData: HasConnection {}

/// Events that carry the connection's meta and labels.
#[diagnostic::on_unimplemented(message = "a `{Self}` event has no meta")]
pub trait HasMeta: HasUser {
    /// The labels of the connection (Centrifugo PRO).
    fn labels(request: &Self::Request) -> &std::collections::BTreeMap<String, String>;
}

/// Events whose handlers have a pattern: those of a channel or a method.
#[diagnostic::on_unimplemented(message = "a `{Self}` event has neither a channel nor a method")]
pub trait HasPattern: EventKind {}
