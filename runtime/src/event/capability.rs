//! What a kind of event has, as bounds for extractors and replies.

use std::fmt;

use centrifugo_proto::proxy;
use prost::Message;

use super::Kind;

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
    /// An answer that allows. It always has its result: without one Centrifugo would allow or expire by default.
    fn response(result: Self::Result) -> Self::Response;
    /// The client's protocol, `json` or `protobuf`; empty where no client is behind the event.
    fn protocol(request: &Self::Request) -> &str;
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
pub trait HasConnection: EventKind {
    /// Client id, transport, protocol, encoding.
    fn connection(request: &Self::Request) -> [&str; 4];
}

/// Events that carry a user.
#[diagnostic::on_unimplemented(message = "a `{Self}` event has no user")]
pub trait HasUser: HasConnection {
    /// The user's id; empty for an anonymous one.
    fn user(request: &Self::Request) -> &str;
}

/// Events of a channel.
#[diagnostic::on_unimplemented(message = "a `{Self}` event has no channel")]
pub trait HasChannel: EventKind {
    /// The channel.
    fn channel(request: &Self::Request) -> &str;
}

/// Events that carry application data.
#[diagnostic::on_unimplemented(message = "a `{Self}` event has no data")]
pub trait HasData: HasConnection {
    /// The data as bytes, or in base 64 where the proxy uses binary encoding.
    fn data(request: &Self::Request) -> (&bytes::Bytes, &str);
}

/// Events that carry the connection's meta.
#[diagnostic::on_unimplemented(message = "a `{Self}` event has no meta")]
pub trait HasMeta: HasUser {
    /// The meta as JSON; empty when there is none.
    fn meta(request: &Self::Request) -> &bytes::Bytes;
    /// The labels of the connection (Centrifugo PRO).
    fn labels(request: &Self::Request) -> &std::collections::BTreeMap<String, String>;
}

/// Events whose pattern has named wildcards.
pub trait HasPattern: EventKind {
    /// What the pattern was matched with: the channel or the method.
    fn target(request: &Self::Request) -> &str;
}
